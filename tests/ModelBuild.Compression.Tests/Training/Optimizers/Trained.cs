using ModelBuild.Compression.Training.Buffers;

namespace ModelBuild.Compression.Tests.Training.Optimizers;

/// <summary>Creates parameters with synthetic values, and synthetic gradients for each step.</summary>
internal static class Trained
{
    /// <summary>Returns parameters whose sizes are smaller than, equal to and larger than those of vectors, with and without decay.</summary>
    public static Parameter[] Parameters() => [Make("a/w", 1, 1), Make("b", 7), Make("c", 2, 16), Make("d", 3, 11), Make("e", 0, 4)];

    /// <summary>Fills the gradients for a step.</summary>
    public static void SetGradients(IEnumerable<Parameter> parameters, int step)
    {
        foreach (var (i, parameter) in parameters.Index())
            Noise.Floats(parameter.Gradient.Length, seed: 100 * step + i).CopyTo(parameter.Gradient, 0);
    }

    private static Parameter Make(string name, params long[] shape) =>
        new(name, shape, Noise.Floats((int)shape.Aggregate(1L, (a, b) => a * b), seed: name.Length + shape.Length));
}
