using System.Text;

namespace Quartier.Gateway.Domain.Offers;

/// <summary>Which characters the screens' fonts hold.</summary>
public static class ScreenFonts
{
    public static bool CanDraw(Rune rune) => rune.Value is
        (>= 0x20 and <= 0x7E) or (>= 0xA1 and <= 0x17F) and not 0xAD or (>= 0x400 and <= 0x45F) or 0x490 or 0x491
        or 0x2013 or 0x2014 or (>= 0x2018 and <= 0x201E) or 0x2020 or 0x2022 or 0x2026 or 0x2030 or 0x2039 or 0x203A or 0x20AC or 0x2122;
}
