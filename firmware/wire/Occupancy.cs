namespace Quartier.Wire
{
    /// <summary>What the device concludes about its pod.</summary>
    public enum Occupancy
    {
        Free = 0,
        Occupied = 1,
        Unknown = 2,
    }

    /// <summary>The observation that decided the state.</summary>
    public enum OccupancyReason
    {
        /// <summary>The device has just started and has seen too little.</summary>
        Starting = 0,
        /// <summary>The bolt is closed, which only a person inside can do.</summary>
        Locked = 1,
        Motion = 2,
        Co2Rising = 3,
        Co2High = 4,
        Humidity = 5,
        /// <summary>The door was open, CO2 fell and nothing moved.</summary>
        Aired = 6,
        /// <summary>Quiet for long, with the air at its baseline.</summary>
        Settled = 7,
        /// <summary>The sensors contradict each other.</summary>
        Disagree = 8,
        SensorFault = 9,
        DoorLeftOpen = 10,
        WarmingUp = 11,
    }

    public enum AlarmKind
    {
        Smoke = 0,
        Sos = 1,
        Cold = 2,
        Co2 = 3,
        Heat = 4,
        Tamper = 5,
    }
}
