using nanoFramework.Runtime.Native;
using nanoFramework.UI;

namespace Quartier.Kiosk.Esp32
{
    /// <summary>Accessor of Resource.resx in the shape of the platform's generator, which writes this file anew in Visual Studio.
    /// An identifier is the generator's hash of the resource's name.</summary>
    internal class Resource
    {
        private static System.Resources.ResourceManager manager;

        internal static System.Resources.ResourceManager ResourceManager
        {
            get
            {
                if (manager == null)
                {
                    manager = new System.Resources.ResourceManager("Quartier.Kiosk.Esp32.Resource", typeof(Resource).Assembly);
                }

                return manager;
            }
        }

        internal static Font GetFont(FontResources id)
        {
            return (Font)ResourceUtility.GetObject(ResourceManager, id);
        }

        [System.Serializable]
        internal enum FontResources : short
        {
            text21 = -31543,
            strong26 = -27269,
            strong16 = -27266,
            strong21 = -18612,
            strong18 = 6304,
            text16 = 6705,
            text18 = 19357,
            numerals36 = 23749,
            text14 = 25146,
        }
    }
}
