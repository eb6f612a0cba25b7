namespace Quartier.Board
{
    /// <summary>Civil time. There is only UTC on the device.</summary>
    public interface IClock
    {
        /// <param name="unixSeconds">Seconds since 1970-01-01 UTC.</param>
        /// <returns>False while the time is unknown: show no time rather than a wrong one.</returns>
        bool TryGetUtc(out long unixSeconds);
    }

    public enum FlashStatus
    {
        Ok = 0,
        NotFound = 1,
        /// <summary>The file is longer than the buffer; nothing was read.</summary>
        TooLong = 2,
        Full = 3,
        Failed = 4,
    }

    /// <summary>Named files on internal flash. A power cut during <see cref="Write"/> may leave any prefix of the new content
    /// under that name, one during <see cref="Append"/> any prefix of the addition; whoever needs more keeps a checksum and two
    /// generations. Opening a file costs milliseconds and each change erases blocks: write seldom, and much at once.</summary>
    public interface IFlash
    {
        /// <summary>Size of the file system, the platform's own files included; the real one cannot say what is free.</summary>
        int TotalBytes { get; }

        FlashStatus Read(string name, byte[] buffer, out int length);

        /// <summary>Reads exactly so many bytes from a place in a file to the buffer's beginning.</summary>
        /// <returns>Failed when the file ends before.</returns>
        FlashStatus ReadAt(string name, int offset, byte[] buffer, int length);

        FlashStatus Size(string name, out int bytes);

        FlashStatus Write(string name, byte[] buffer, int length);

        /// <summary>Adds to the end of a file, which is made when there is none. Durable when it returns Ok.</summary>
        FlashStatus Append(string name, byte[] buffer, int length);

        FlashStatus Delete(string name);

        /// <summary>Names in no particular order; false when index is past the last. Index 0 lists the folder anew, which is slow;
        /// the others go on in that list, which does not follow what is written or deleted meanwhile.</summary>
        bool TryGetName(int index, out string name);
    }

    /// <summary>The display as a thing on the wall; drawing is ICanvas in Quartier.Screen.</summary>
    public interface IPanel
    {
        int WidthPixels { get; }

        int HeightPixels { get; }

        /// <summary>Distance between pixel centres, for example 153 for a 2.4 inch 320×240.</summary>
        int PitchMicrometres { get; }

        /// <param name="percent">0 (dark) to 100.</param>
        void SetBacklight(int percent);
    }

    public enum Key
    {
        None = 0,
        Previous = 1,
        Select = 2,
        Next = 3,
        /// <summary>A touch; its place is given in pixels.</summary>
        Touch = 4,
    }

    /// <summary>Three keys, or touch; presses wait in a short queue.</summary>
    public interface IKeys
    {
        bool TryRead(out Key key, out int x, out int y);
    }

    /// <summary>Resets the board when it is not fed in time.</summary>
    public interface IWatchdog
    {
        void Feed();
    }

    public enum ResetReason
    {
        PowerOn = 0,
        DeepSleep = 1,
        Watchdog = 2,
        BrownOut = 3,
        Software = 4,
        Unknown = 5,
    }

    public interface IPower
    {
        ResetReason LastReset { get; }

        /// <returns>False when the board cannot tell how much memory is free.</returns>
        bool TryGetFreeHeap(out long bytes);

        void Restart();
    }
}
