using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Calibration.Segments;
using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Comparison;

/// <summary>
/// Reads the float values that two models compute by the same name. The values become outputs of a copy of each model in memory. A quantized model then
/// computes them in float with rounded weights and activations.
/// </summary>
internal sealed class SharedValues : IDisposable
{
    // The largest number of values that are read in one run, because the memory of a run grows with the number of its outputs.
    private const int ValuesPerRun = 32;

    private readonly ModelRunner _before;
    private readonly ModelRunner _after;
    private readonly CancellationToken _cancellationToken;

    private SharedValues(string[] names, ModelRunner before, ModelRunner after, CancellationToken cancellationToken) =>
        (Names, _before, _after, _cancellationToken) = (names, before, after, cancellationToken);

    /// <summary>The names of the float values that both models compute.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Opens two models in sessions whose outputs include the values that both compute.</summary>
    /// <param name="first">The first model.</param>
    /// <param name="second">The other model.</param>
    /// <param name="shapes">The shapes of the inputs.</param>
    /// <param name="isWanted">Returns whether a value is read; null to read all.</param>
    /// <param name="cancellationToken">Cancels a running call, too.</param>
    /// <returns>The open models; null if they share no such value.</returns>
    /// <exception cref="OnnxRuntimeException">A model does not load with these values as outputs.</exception>
    public static SharedValues? Open(
        OnnxModel first,
        OnnxModel second,
        Dictionary<string, long[]> shapes,
        Func<string, bool>? isWanted,
        CancellationToken cancellationToken
    )
    {
        var others = Floats(second, shapes);
        string[] shared = [.. Floats(first, shapes).Where(value => others.Contains(value) && isWanted?.Invoke(value) != false)];
        if (shared.Length == 0)
            return null;
        var before = Open(first, shared, cancellationToken);
        try
        {
            return new SharedValues(shared, before, Open(second, shared, cancellationToken), cancellationToken);
        }
        catch
        {
            before.Dispose();
            throw;
        }
    }

    /// <summary>Runs both models on one call and returns the requested values of both.</summary>
    /// <param name="sample">The call.</param>
    /// <param name="names">The values to read.</param>
    /// <exception cref="OnnxRuntimeException">A model does not run on the call.</exception>
    public IEnumerable<(string Name, OutputValues Before, OutputValues After)> Read(Sample sample, IReadOnlyList<string> names)
    {
        foreach (var values in names.Chunk(ValuesPerRun))
        foreach (var (name, (before, after)) in values.Zip(Read(_before, sample, values).Zip(Read(_after, sample, values))))
            yield return (name, before, after);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _before.Dispose();
        _after.Dispose();
    }

    private static HashSet<string> Floats(OnnxModel model, Dictionary<string, long[]> shapes)
    {
        var graph = new Graph(model);
        return
        [
            .. ShapeInference
                .DescribeOutputs(model, shapes)
                .Where(value => value.Value.Type is DataType.Float or DataType.Float16 && !graph.IsConstant(value.Key))
                .Select(value => value.Key),
        ];
    }

    private static ModelRunner Open(OnnxModel model, string[] values, CancellationToken cancellationToken) =>
        new(Sessions.OpenPortable(ObservedModel.Of(model, values, cancellationToken)));

    private OutputValues[] Read(ModelRunner runner, Sample sample, string[] values) =>
        runner.Run<OutputValues[]>(sample, values, results => [.. results.Select(OutputReader.Read)], _cancellationToken);
}
