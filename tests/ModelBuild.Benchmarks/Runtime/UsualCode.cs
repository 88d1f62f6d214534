using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace ModelBuild.Benchmarks.Runtime;

/// <summary>A call as applications usually write it by hand.</summary>
internal static class UsualCode
{
    public static float[] Run(InferenceSession session, string input, float[] data, int[] shape)
    {
        var tensor = new DenseTensor<float>(data, shape);
        var inputs = new List<NamedOnnxValue> { NamedOnnxValue.CreateFromTensor(input, tensor) };
        using var results = session.Run(inputs);
        return results[0].AsEnumerable<float>().ToArray();
    }
}
