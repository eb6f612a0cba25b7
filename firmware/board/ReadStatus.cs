namespace Quartier.Board
{
    /// <summary>What became of one reading. The value beside it is valid only with <see cref="Ok"/>.</summary>
    public enum ReadStatus
    {
        Ok = 0,
        /// <summary>The part is not fitted on this board.</summary>
        Absent = 1,
        /// <summary>Fitted, but warming up or measuring; ask again later.</summary>
        NotReady = 2,
        /// <summary>The bus or line gave no answer.</summary>
        NoAcknowledge = 3,
        /// <summary>An answer came, its checksum is wrong.</summary>
        BadChecksum = 4,
        /// <summary>An answer came that the part cannot mean.</summary>
        OutOfRange = 5,
    }
}
