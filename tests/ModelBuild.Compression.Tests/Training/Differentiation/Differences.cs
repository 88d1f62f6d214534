using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Tests.Training.Differentiation;

/// <summary>
/// Computes derivatives of a weighted sum of a model's outputs by central differences. The outputs come from a reference in float64 or from the kernels of
/// ONNX Runtime in float64. If ONNX Runtime has no float64 kernels, the outputs come from its kernels in float32, with a formula of order 6 whose steps are
/// so large that rounding is small. For a linear operator, differences of any step are exact.
/// </summary>
internal sealed class Differences : IDisposable
{
    private const double ExactStep = 1e-4;

    private readonly Dictionary<string, double[]> _values;
    private readonly float[][] _weights;
    private readonly Func<IReadOnlyDictionary<string, double[]>, double[][]> _compute;
    private readonly double _step = ExactStep;
    private readonly bool _isOfOrder6;
    private readonly InferenceSession? _session;

    public Differences(
        OnnxModel model,
        IReadOnlyDictionary<string, float[]> inputs,
        float[][] weights,
        Func<IReadOnlyDictionary<string, double[]>, double[][]>? reference,
        double coarseStep,
        bool isLinear
    )
    {
        _values = inputs.ToDictionary(input => input.Key, input => Array.ConvertAll(input.Value, value => (double)value));
        _weights = weights;
        if (reference is not null)
        {
            _compute = reference;
            return;
        }

        try
        {
            _session = Sessions.OpenUnoptimized(InDouble(model));
            _compute = Run<double>;
        }
        catch (OnnxRuntimeException)
        {
            // The model runs in float32, because ONNX Runtime has no float64 kernel for one of the operators.
            _session = Sessions.OpenUnoptimized(model);
            (_compute, _step, _isOfOrder6) = (Run<float>, coarseStep, !isLinear);
        }
    }

    /// <summary>Returns the outputs for the unchanged inputs.</summary>
    public double[][] Outputs() => _compute(_values);

    /// <summary>Returns derivatives with respect to an input.</summary>
    public Probe[] Derivatives(string input) =>
        Probe.All(_values[input].Length, direction => CentralDifferences.Along(Loss, _values[input], direction, _step, _isOfOrder6));

    public void Dispose() => _session?.Dispose();

    private double Loss() => _compute(_values).Zip(_weights, (values, weights) => values.Zip(weights, (value, weight) => value * weight).Sum()).Sum();

    private double[][] Run<T>(IReadOnlyDictionary<string, double[]> inputs)
        where T : unmanaged
    {
        using var options = new RunOptions();
        var names = _session!.InputNames.ToArray();
        var given = names.Select(name => Value<T>(inputs[name], _session.InputMetadata[name].Dimensions)).ToArray();
        using var results = _session.Run(options, names, given, _session.OutputNames);
        return [.. results.Select(result => result.GetTensorDataAsSpan<T>().ToArray().Select(value => Convert.ToDouble(value, null)).ToArray())];
    }

    private static OrtValue Value<T>(double[] values, int[] shape)
        where T : unmanaged =>
        OrtValue.CreateTensorValueFromMemory(
            Array.ConvertAll(values, value => (T)Convert.ChangeType(value, typeof(T), null)),
            [.. shape.Select(size => (long)size)]
        );

    private static OnnxModel InDouble(OnnxModel model)
    {
        var copy = model.Clone();
        foreach (var scope in new Graph(copy).SelfAndSubgraphs().Select(scope => scope.Proto).ToArray())
        {
            foreach (var value in scope.Input.Concat(scope.Output).Where(value => value.Type?.TensorType?.ElemType == (int)DataType.Float))
                value.Type.TensorType.ElemType = (int)DataType.Double;
            for (var i = 0; i < scope.Initializer.Count; i++)
                if (scope.Initializer[i] is { DataType: (int)DataType.Float } tensor)
                    scope.Initializer[i] = Tensors.Create(tensor.Name, [.. tensor.Dims], Array.ConvertAll(tensor.ToFloats(), value => (double)value));
        }

        return copy;
    }
}
