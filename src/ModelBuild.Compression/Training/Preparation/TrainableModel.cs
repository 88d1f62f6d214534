using ModelBuild.Compression.Execution;
using ModelBuild.Compression.GraphEdits;
using ModelBuild.Compression.Training.Buffers;
using ModelBuild.Compression.Training.Stored;
using ModelBuild.Compression.Training.Weights;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Preparation;

/// <summary>
/// A copy of a float32 model that is ready for training: it has opset 21, calls no local functions, has no outputs for training only, and accepts batches of
/// any size if possible. The original keeps its form. Only the values of the parameters return to it.
/// </summary>
internal sealed class TrainableModel
{
    // The number of rows on which a model with a dynamic batch is compared with the original.
    private const int CheckedRows = 3;

    private TrainableModel() { }

    /// <summary>The prepared copy of the model.</summary>
    public required OnnxModel Model { get; init; }

    /// <summary>The names of the float32 parameters, which are constants of the original and of the copy.</summary>
    public required IReadOnlyList<string> Parameters { get; init; }

    /// <summary>The parameters that the original stores in another form.</summary>
    public required IReadOnlyList<TrainedValue> Stored { get; init; }

    /// <summary>The dimension of each input that counts the rows of a batch. An input that is the same for all rows is not included.</summary>
    public required IReadOnlyDictionary<string, int> BatchAxes { get; init; }

    /// <summary>The reason why the copy runs with the declared batch only; null if it accepts batches of any size.</summary>
    public required BatchObstacle? Obstacle { get; init; }

    /// <summary>Returns the reason why a model cannot be trained; null if it can.</summary>
    public static string? WhyNot(OnnxModel model) =>
        model.Proto.Graph.Input.FirstOrDefault(input => input.Type?.TensorType is null) is { } input
            ? $"its input '{input.Name}' is no tensor"
            : CompleteOpsetUpgrade.WhyNot(Inferable(model));

    /// <summary>Prepares a copy of a model for which <see cref="WhyNot"/> returns null.</summary>
    /// <param name="model">The original, prepared for the steps of a recipe. It does not change.</param>
    /// <param name="samples">The samples on which the opened model is compared with the original.</param>
    /// <param name="keepsZeros">Whether stored codes that are zero stay zero, because a step before removed these weights.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    public static TrainableModel Open(OnnxModel model, ISampleSource samples, bool keepsZeros, CancellationToken cancellationToken)
    {
        var graph = Inferable(model);
        var stored = StoredValues.Unfold(graph, keepsZeros);
        CompleteOpsetUpgrade.Apply(graph);
        BranchConstants.Lift(graph);
        graph.SortTopologically();
        var parameters = new ModelParameters(graph, stored.Select(value => value.Input.Name).ToHashSet(StringComparer.Ordinal)).Find();
        var original = new Graph(ModelPreparation.PreparedCopy(model));
        var (axes, obstacle) = Preparation.BatchAxes.Find(graph.Model);
        var opened = graph.Model;
        if (obstacle is null)
            (opened, obstacle) = OpenBatch(stored.Count == 0 ? model : graph.Model, graph.Model, samples, axes, cancellationToken);
        return new TrainableModel
        {
            Model = opened,
            Parameters = [.. parameters.Where(name => BranchConstants.ScopeOf(original, name) is not null)],
            Stored = stored,
            BatchAxes = axes,
            Obstacle = obstacle,
        };
    }

    /// <summary>Returns the values that training may change.</summary>
    public IReadOnlyList<TrainedValue> Values()
    {
        var graph = new Graph(Model);
        return [.. Stored, .. Parameters.Select(name => Value(graph, name))];
    }

    private static TrainedValue Value(Graph graph, string name)
    {
        var tensor = graph.TryGetConstant(name, out var found) ? found : throw new InvalidOperationException($"'{name}' is not constant.");
        var parameter = new Parameter(name, [.. tensor.Dims], tensor.ToFloats());
        return SharedValue.Find(parameter) is { } shared ? shared : new PlainValue(parameter, KeptZeros.Of(parameter));
    }

    private static Graph Inferable(OnnxModel model)
    {
        var graph = new Graph(ModelPreparation.PreparedCopy(model));
        TrainingOnlyOutputs.Remove(graph);
        return graph;
    }

    // Makes the batch dimension dynamic. If that is not possible, the result is the upgraded model without this change.
    private static (OnnxModel Model, BatchObstacle? Obstacle) OpenBatch(
        OnnxModel original,
        OnnxModel upgraded,
        ISampleSource samples,
        IReadOnlyDictionary<string, int> axes,
        CancellationToken cancellationToken
    )
    {
        if (BatchRows.Take(samples, axes, CheckedRows, cancellationToken) is not { } rows)
            return (upgraded, new BatchObstacle(BatchFault.NoSamples, "there are no samples with one row of each input"));
        var check = new BatchCheck(original, rows, axes, cancellationToken);
        var opened = upgraded.Clone();
        Preparation.BatchAxes.Open(opened, axes);
        if (check.WhyNot(opened, cancellationToken) is null)
            return (opened, null);
        new BatchOpening(new Graph(opened), new BatchShapes(opened, rows[0], axes)).Apply();
        var obstacle = check.WhyNot(opened, cancellationToken);
        return (obstacle is null ? opened : upgraded, obstacle);
    }
}
