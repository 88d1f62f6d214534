namespace ModelBuild.Runtime.Maps;

/// <summary>
/// Provides the colours of classes in the masks of PASCAL VOC (Everingham et al. 2010): the bits of the index, three at a time, become the highest bits of red,
/// green and blue. All indices have different colours.
/// </summary>
internal static class ClassColors
{
    private const int Bits = 8;

    /// <summary>Returns the colour of a class. The class 0, which is the background in many models, is black.</summary>
    public static (byte Red, byte Green, byte Blue) Of(int index)
    {
        var (red, green, blue) = (0, 0, 0);
        for (var bit = Bits - 1; bit >= 0; bit--, index >>= 3)
        {
            red |= (index & 1) << bit;
            green |= ((index >> 1) & 1) << bit;
            blue |= ((index >> 2) & 1) << bit;
        }

        return ((byte)red, (byte)green, (byte)blue);
    }
}
