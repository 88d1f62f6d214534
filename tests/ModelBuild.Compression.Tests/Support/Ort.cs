using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Support;

/// <summary>Runs ONNX Runtime as an application does, and not as the engine runs models.</summary>
internal static class Ort
{
    /// <summary>
    /// Runs a model. Float inputs without given values get random numbers between −1 and 1 from a fixed seed. Open dimensions are 3. Integer products do not
    /// saturate on any processor if the model has the option for that.
    /// </summary>
    /// <returns>All outputs that are tensors of floats.</returns>
    public static IReadOnlyDictionary<string, float[]> Run(OnnxModel model, params (string Name, OrtValue Value)[] given)
    {
        using var options = Options(model);
        return Run(model, options, given);
    }

    /// <summary>Runs a model with the input <c>x</c> and the output <c>y</c> on several calls, in one session.</summary>
    /// <returns>The outputs of all calls in a row.</returns>
    public static float[] RunCalls(OnnxModel model, long[] shape, IEnumerable<float[]> calls)
    {
        using var options = Options(model);
        using var session = new InferenceSession(model.ToBytes(), options);
        var outputs = new List<float>();
        foreach (var call in calls)
        {
            using var x = OrtValue.CreateTensorValueFromMemory(call, shape);
            outputs.AddRange(Run(session, ("x", x))["y"]);
        }

        return [.. outputs];
    }

    /// <summary>
    /// Skips a test of weights that several nodes read if sums of products saturate on the processor. ONNX Runtime's option against saturation fails on
    /// models of this kind.
    /// </summary>
    public static void SkipWhereSharedProductsSaturate() =>
        Assert.SkipWhen(
            IntegerProducts.Saturate,
            "Sums of 8-bit products saturate on this processor, and ONNX Runtime's option against it fails on shared weights."
        );

    /// <summary>Runs a model with the given options.</summary>
    public static IReadOnlyDictionary<string, float[]> Run(OnnxModel model, SessionOptions options, params (string Name, OrtValue Value)[] given)
    {
        using var session = new InferenceSession(model.ToBytes(), options);
        return Run(session, given);
    }

    private static Dictionary<string, float[]> Run(InferenceSession session, params (string Name, OrtValue Value)[] given)
    {
        var names = session.InputNames.ToArray();
        var values = names
            .Select((name, i) => given.FirstOrDefault(input => input.Name == name).Value ?? Random(session.InputMetadata[name].Dimensions, seed: 100 + i))
            .ToArray();
        using var run = new RunOptions();
        using var results = session.Run(run, names, values, session.OutputNames);
        return session
            .OutputNames.Zip(results)
            .Where(pair => pair.Second.IsTensor && pair.Second.GetTensorTypeAndShape().ElementDataType == TensorElementType.Float)
            .ToDictionary(pair => pair.First, pair => pair.Second.GetTensorDataAsSpan<float>().ToArray());
    }

    /// <summary>Returns the graph that ONNX Runtime makes of a model for this processor, with all its optimizations.</summary>
    public static Graph Optimized(OnnxModel model)
    {
        var folder = Directory.CreateTempSubdirectory("modelbuild-optimized-");
        try
        {
            using var options = Options();
            options.OptimizedModelFilePath = Path.Combine(folder.FullName, "optimized.onnx");
            new InferenceSession(model.ToBytes(), options).Dispose();
            return new Graph(OnnxModel.Load(options.OptimizedModelFilePath));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Returns the smallest SQNR of all outputs: 10·log₁₀ of signal to noise, in dB. It is infinite if the outputs are equal.</summary>
    public static double Sqnr(IReadOnlyDictionary<string, float[]> expected, IReadOnlyDictionary<string, float[]> actual)
    {
        Assert.Equal(expected.Keys.Order(), actual.Keys.Order());
        return expected.Min(output => Sqnr(output.Value, actual[output.Key]));
    }

    public static double Sqnr(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        var signal = expected.Sum(value => (double)value * value);
        var noise = expected.Zip(actual).Sum(pair => ((double)pair.First - pair.Second) * ((double)pair.First - pair.Second));
        return noise == 0 ? double.PositiveInfinity : 10 * Math.Log10(signal / noise);
    }

    private static SessionOptions Options(OnnxModel model)
    {
        var options = Options();
        if (IntegerProducts.Saturate && IntegerArithmetic.IsUnsignedBySigned(model))
            options.AddSessionConfigEntry(IntegerProducts.PreciseOption, "1");
        return options;
    }

    private static SessionOptions Options() => new() { IntraOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };

    private static OrtValue Random(int[] dimensions, int seed)
    {
        var shape = dimensions.Select(size => size < 0 ? 3L : size).ToArray();
        return OrtValue.CreateTensorValueFromMemory(Noise.Floats(shape.Aggregate(1L, (a, b) => a * b), seed), shape);
    }
}
