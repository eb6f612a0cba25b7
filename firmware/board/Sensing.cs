namespace Quartier.Board
{
    /// <summary>Air in the pod.</summary>
    public interface IClimateSensor
    {
        /// <param name="centiCelsius">0.01 °C, -4000..8500.</param>
        /// <param name="humidityPermille">0.1 % relative humidity, 0..1000.</param>
        ReadStatus Read(out int centiCelsius, out int humidityPermille);
    }

    /// <summary>Carbon dioxide in the pod.</summary>
    public interface ICo2Sensor
    {
        /// <param name="ppm">400..5000; a fresh value comes no more often than the part measures.</param>
        ReadStatus Read(out int ppm);
    }

    /// <summary>The pod's flap door.</summary>
    public interface IDoor
    {
        ReadStatus Read(out bool open);
    }

    /// <summary>The bolt that a person in the pod closes from inside.</summary>
    public interface ILock
    {
        ReadStatus Read(out bool locked);
    }

    /// <summary>Passive infrared motion; the line is latched between readings.</summary>
    public interface IMotion
    {
        /// <param name="moved">True when anything moved since the reading before.</param>
        ReadStatus Read(out bool moved);
    }

    /// <summary>The potential-free contact of the pod's smoke alarm.</summary>
    public interface ISmokeContact
    {
        ReadStatus Read(out bool smoke);
    }

    /// <summary>The help button in the pod; latched between readings.</summary>
    public interface ISosButton
    {
        ReadStatus Read(out bool pressed);
    }

    /// <summary>The switch that sees the sensor's housing opened.</summary>
    public interface ITamperSwitch
    {
        ReadStatus Read(out bool open);
    }

    /// <summary>Supply of a battery board.</summary>
    public interface IBattery
    {
        /// <param name="millivolts">0..5000.</param>
        ReadStatus Read(out int millivolts);
    }

    /// <summary>The lamp beside the help button.</summary>
    public interface ILamp
    {
        void Show(LampSign sign);
    }

    /// <summary>What a person in the pod reads from the lamp.</summary>
    public enum LampSign
    {
        Off = 0,
        /// <summary>Blinks: the call for help is on its way.</summary>
        Sent = 1,
        /// <summary>Steady: the gateway has it.</summary>
        Confirmed = 2,
    }
}
