using ModelBuild.Compression.Signatures;

namespace ModelBuild.Compression.Calibration;

/// <summary>Assigns names of model inputs to the arrays of an <c>.npz</c> file.</summary>
internal static class ArrayNames
{
    /// <summary>Gives a single array for a single input the name of the input: it may have any name, and numpy.savez names it arr_0.</summary>
    /// <param name="arrays">The arrays by name; the dictionary changes.</param>
    /// <param name="signature">The signature of the model.</param>
    public static void Resolve<T>(Dictionary<string, T> arrays, ModelSignature signature)
    {
        if (
            signature.Inputs is [var only]
            && arrays.Keys.Where(key => key != ArraySamples.LabelKey).ToArray() is [var key]
            && key != only.Name
            && arrays.Remove(key, out var array)
        )
            arrays[only.Name] = array;
    }
}
