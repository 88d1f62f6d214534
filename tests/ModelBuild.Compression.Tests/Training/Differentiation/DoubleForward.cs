using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Training.Differentiation;

/// <summary>Computes the outputs of a model in float64, by ONNX Runtime or by a reference.</summary>
internal sealed class DoubleForward : IDisposable
{
    private readonly InferenceSession? _session;
    private readonly RunOptions _options = new();
    private readonly IReadOnlyList<CheckedInput> _inputs;
    private readonly IReadOnlyList<string> _outputs;
    private readonly Func<IReadOnlyDictionary<string, double[]>, double[]>? _reference;

    /// <summary>Prepares the computation.</summary>
    /// <param name="model">The float32 model.</param>
    /// <param name="inputs">Its inputs.</param>
    /// <param name="outputs">The names of its float32 outputs.</param>
    /// <param name="reference">Computes all outputs, one after the other; null for ONNX Runtime.</param>
    public DoubleForward(
        OnnxModel model,
        IReadOnlyList<CheckedInput> inputs,
        IReadOnlyList<string> outputs,
        Func<IReadOnlyDictionary<string, double[]>, double[]>? reference
    )
    {
        (_inputs, _outputs, _reference) = (inputs, outputs, reference);
        Values = inputs
            .Where(input => input.IsFloat)
            .ToDictionary(input => input.Name, input => Array.ConvertAll((float[])input.Values, value => (double)value));
        if (reference is null)
            _session = Sessions.OpenUnoptimized(DoubleModel.Of(model));
    }

    /// <summary>Gets the float64 values of the inputs, which the caller may change between runs.</summary>
    public IReadOnlyDictionary<string, double[]> Values { get; }

    /// <summary>Computes all float outputs, one after the other.</summary>
    public double[] Run()
    {
        if (_reference is not null)
            return _reference(Values);
        OrtValue[] values =
        [
            .. _inputs.Select(input => input.IsFloat ? OrtValue.CreateTensorValueFromMemory(Values[input.Name], input.Shape) : input.ToOrtValue()),
        ];
        try
        {
            using var results = _session!.Run(_options, [.. _inputs.Select(input => input.Name)], values, _outputs);
            return [.. results.SelectMany(result => result.GetTensorDataAsSpan<double>().ToArray())];
        }
        finally
        {
            Array.ForEach(values, value => value.Dispose());
        }
    }

    public void Dispose()
    {
        _session?.Dispose();
        _options.Dispose();
    }
}
