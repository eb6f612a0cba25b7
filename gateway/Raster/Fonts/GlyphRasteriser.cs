namespace Quartier.Raster.Fonts;

/// <summary>Turns outlines into 16 levels of grey by whole numbers alone, so that every machine makes the same bytes.
/// Each pixel row is cut into 16 lines; along a line the covered length is exact to 1/1024 pixel (non-zero winding).</summary>
public static class GlyphRasteriser
{
    /// <summary>Units of a pixel in which outlines are given here.</summary>
    public const int Unit = 1024;
    private const int LinesPerRow = 16;
    private const int CurveSteps = 8;

    private readonly record struct Edge(long X0, long Y0, long X1, long Y1, int Direction);

    /// <param name="contours">Points in 1/1024 pixel, x from the bitmap's left edge, y upwards from the baseline.</param>
    /// <param name="width">Pixels.</param>
    /// <param name="ascent">Pixel rows above the baseline.</param>
    /// <param name="descent">Pixel rows below it.</param>
    /// <returns>Levels 0..16, row by row from the top.</returns>
    public static byte[] Draw(List<List<OutlinePoint>> contours, int width, int ascent, int descent)
    {
        var edges = new List<Edge>();
        foreach (var contour in contours)
        {
            AddEdges(contour, edges);
        }

        var levels = new byte[width * (ascent + descent)];
        var covered = new long[width];
        var crossings = new List<(long X, int Direction)>();
        for (var row = 0; row < ascent + descent; row++)
        {
            Array.Clear(covered);
            for (var line = 0; line < LinesPerRow; line++)
            {
                var y = ((long)(ascent - row) * Unit) - (((2 * line) + 1) * Unit / (2 * LinesPerRow));
                crossings.Clear();
                foreach (var edge in edges)
                {
                    if (edge.Y0 <= y && y < edge.Y1)
                    {
                        crossings.Add((edge.X0 + ((edge.X1 - edge.X0) * (y - edge.Y0) / (edge.Y1 - edge.Y0)), edge.Direction));
                    }
                }

                crossings.Sort();
                Cover(crossings, covered);
            }

            for (var x = 0; x < width; x++)
            {
                const long Full = Unit * LinesPerRow;
                levels[(row * width) + x] = (byte)(((covered[x] * 16) + (Full / 2)) / Full);
            }
        }

        return levels;
    }

    private static void Cover(List<(long X, int Direction)> crossings, long[] covered)
    {
        var winding = 0;
        for (var i = 0; i + 1 < crossings.Count; i++)
        {
            winding += crossings[i].Direction;
            if (winding == 0)
            {
                continue;
            }

            var from = Math.Clamp(crossings[i].X, 0, (long)covered.Length * Unit);
            var to = Math.Clamp(crossings[i + 1].X, 0, (long)covered.Length * Unit);
            while (from < to)
            {
                var pixel = from / Unit;
                var end = Math.Min(to, (pixel + 1) * Unit);
                covered[pixel] += end - from;
                from = end;
            }
        }
    }

    private static void AddEdges(List<OutlinePoint> contour, List<Edge> edges)
    {
        var points = WithImpliedPoints(contour);
        for (var i = 0; i < points.Count; i++)
        {
            var from = points[i];
            if (!from.OnCurve)
            {
                continue;
            }

            var next = points[(i + 1) % points.Count];
            if (next.OnCurve)
            {
                AddEdge(from.X, from.Y, next.X, next.Y, edges);
                continue;
            }

            var end = points[(i + 2) % points.Count];
            var (x, y) = ((long)from.X, (long)from.Y);
            for (var step = 1; step <= CurveSteps; step++)
            {
                var (a, b) = (CurveSteps - step, step);
                var toX = (((long)a * a * from.X) + (2L * a * b * next.X) + ((long)b * b * end.X)) / (CurveSteps * CurveSteps);
                var toY = (((long)a * a * from.Y) + (2L * a * b * next.Y) + ((long)b * b * end.Y)) / (CurveSteps * CurveSteps);
                AddEdge(x, y, toX, toY, edges);
                (x, y) = (toX, toY);
            }
        }
    }

    /// <summary>TrueType leaves out an on-curve point that lies halfway between two control points; here it is put back.</summary>
    private static List<OutlinePoint> WithImpliedPoints(List<OutlinePoint> contour)
    {
        var points = new List<OutlinePoint>();
        for (var i = 0; i < contour.Count; i++)
        {
            var (point, next) = (contour[i], contour[(i + 1) % contour.Count]);
            points.Add(point);
            if (!point.OnCurve && !next.OnCurve)
            {
                points.Add(new OutlinePoint((point.X + next.X) / 2, (point.Y + next.Y) / 2, true));
            }
        }

        return points;
    }

    private static void AddEdge(long x0, long y0, long x1, long y1, List<Edge> edges)
    {
        if (y0 < y1)
        {
            edges.Add(new Edge(x0, y0, x1, y1, 1));
        }
        else if (y0 > y1)
        {
            edges.Add(new Edge(x1, y1, x0, y0, -1));
        }
    }
}
