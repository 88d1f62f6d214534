using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Training.Graphs;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Preparation;

/// <summary>
/// A copy of a float32 model that is ready for training: it has opset 21, calls no local functions, has no outputs for training only, and accepts batches of
/// any size if possible. The original keeps its form. Only the values of the parameters return to it.
/// </summary>
internal sealed class TrainableModel
{
    // The rows on which an opened model is compared with the original.
    private const int CheckedRows = 3;

    private TrainableModel() { }

    /// <summary>The copy.</summary>
    public required OnnxModel Model { get; init; }

    /// <summary>The names of the parameters, which are constants of the original and of the copy.</summary>
    public required IReadOnlyList<string> Parameters { get; init; }

    /// <summary>The dimension of each input that counts the rows of a batch. An input that is the same for all rows is not included.</summary>
    public required IReadOnlyDictionary<string, int> BatchAxes { get; init; }

    /// <summary>Why the copy runs with the declared batch only; null if it accepts batches of any size.</summary>
    public required BatchObstacle? Obstacle { get; init; }

    /// <summary>Returns why the model cannot be trained; null if it can.</summary>
    public static string? WhyNot(OnnxModel model) =>
        model.Proto.Graph.Input.FirstOrDefault(input => input.Type?.TensorType is null) is { } input
            ? $"its input '{input.Name}' is no tensor"
            : CompleteOpsetUpgrade.WhyNot(Inferable(model));

    /// <summary>Prepares a copy of a model for which <see cref="WhyNot"/> returns null.</summary>
    /// <param name="model">The original, prepared for the steps of a recipe. It does not change.</param>
    /// <param name="samples">The samples on which the opened model is compared with the original.</param>
    /// <param name="cancellationToken">Cancels the work.</param>
    public static TrainableModel Open(OnnxModel model, ISampleSource samples, CancellationToken cancellationToken)
    {
        var graph = Inferable(model);
        CompleteOpsetUpgrade.Apply(graph);
        BranchConstants.Lift(graph);
        graph.SortTopologically();
        var parameters = new ModelParameters(graph).Find();
        var original = new Graph(ModelPreparation.PreparedCopy(model));
        var (axes, obstacle) = Preparation.BatchAxes.Find(graph.Model);
        var opened = graph.Model;
        if (obstacle is null)
            (opened, obstacle) = OpenBatch(model, graph.Model, samples, axes, cancellationToken);
        return new TrainableModel
        {
            Model = opened,
            Parameters = [.. parameters.Where(name => BranchConstants.ScopeOf(original, name) is not null)],
            BatchAxes = axes,
            Obstacle = obstacle,
        };
    }

    /// <summary>Returns the parameters with their current values.</summary>
    public IReadOnlyList<Parameter> ReadParameters()
    {
        var graph = new Graph(Model);
        return
        [
            .. Parameters.Select(name =>
                graph.TryGetConstant(name, out var tensor)
                    ? new Parameter(name, [.. tensor.Dims], tensor.ToFloats())
                    : throw new InvalidOperationException($"'{name}' is not constant.")
            ),
        ];
    }

    /// <summary>Writes the values of parameters into the original. Nothing else of it changes.</summary>
    public static void WriteBack(OnnxModel model, IEnumerable<Parameter> parameters)
    {
        var graph = new Graph(model);
        foreach (var parameter in parameters)
            (BranchConstants.ScopeOf(graph, parameter.Name) ?? graph).ReplaceConstant(
                parameter.Name,
                Tensors.Create(parameter.Name, parameter.Shape, parameter.Values.ToArray())
            );
    }

    private static Graph Inferable(OnnxModel model)
    {
        var graph = new Graph(ModelPreparation.PreparedCopy(model));
        TrainingOnlyOutputs.Remove(graph);
        return graph;
    }

    // If the batch cannot be opened, the upgraded model is returned as it is.
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
