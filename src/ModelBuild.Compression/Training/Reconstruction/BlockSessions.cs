using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Training.Buffers;
using ModelBuild.Compression.Training.Graphs;
using ModelBuild.Compression.Training.Losses;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Reconstruction;

/// <summary>The training graphs of a block, one for batches of each form. All of them share the memory of the parameters.</summary>
/// <param name="block">The block.</param>
/// <param name="model">The model of the block.</param>
/// <param name="isTrained">Whether gradients are computed, with rounding that is dropped; otherwise only the loss is measured.</param>
/// <param name="threads">The number of threads.</param>
internal sealed class BlockSessions(Block block, OnnxModel model, bool isTrained, int threads) : IDisposable
{
    private readonly Dictionary<string, (TrainingSession Session, IReadOnlyDictionary<string, long[]> Masks)> _sessions = new(StringComparer.Ordinal);
    private readonly Parameter[] _parameters = [.. block.Values.Select(value => value.Input)];

    /// <summary>Computes the error of the block's outputs relative to the signal of the float model.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="drop">Fills the input of the block, and the masks; null to take the values of the quantized model.</param>
    public double Run(BlockBatch batch, RandomDrop? drop = null)
    {
        var (session, masks) = For(batch);
        foreach (var input in session.Graph.Inputs.Where(input => !session.Batch(input.Name).IsEmpty))
        {
            var target = session.Batch(input.Name).Span;
            if (masks.ContainsKey(input.Name))
                drop!.Fill(target);
            else if (input.Name != block.Input)
                batch.Inputs.Inputs[input.Name].Data.CopyTo(target);
            else if (drop is null)
                batch.Quantized!.Data.CopyTo(target);
            else
                drop.Mix(batch.Quantized!.Floats, batch.Exact!.Floats, target);
        }

        foreach (var target in session.Graph.Targets)
            batch.Targets[target.Output!].Data.CopyTo(session.Batch(target.Name).Span);
        return session.Run().Sum(term => (double)term) / block.Outputs.Count;
    }

    /// <summary>Returns the parameters of the block that have a gradient.</summary>
    public IReadOnlyList<Parameter> Trained(BlockBatch batch) => [.. For(batch).Session.Graph.Parameters.Select(pair => pair.Parameter)];

    public void Dispose()
    {
        foreach (var (session, _) in _sessions.Values)
            session.Dispose();
    }

    private (TrainingSession Session, IReadOnlyDictionary<string, long[]> Masks) For(BlockBatch batch)
    {
        if (!_sessions.TryGetValue(batch.Form, out var known))
            _sessions[batch.Form] = known = Open(batch);
        return known;
    }

    private (TrainingSession Session, IReadOnlyDictionary<string, long[]> Masks) Open(BlockBatch batch)
    {
        var copy = new Graph(model.Clone());
        var names = copy.Proto.Input.Select(input => input.Name).ToHashSet(StringComparer.Ordinal);
        var shapes = batch.With(block.Input, batch.Quantized).Shapes().Where(input => names.Contains(input.Key)).ToDictionary(StringComparer.Ordinal);
        IReadOnlyDictionary<string, long[]> masks = new Dictionary<string, long[]>(StringComparer.Ordinal);
        if (isTrained)
            masks = DroppedRounding.Add(copy, RankInference.DescribeOutputs(copy.Model, shapes));
        var graph = TrainingGraph.Build(
            copy.Model,
            shapes.Concat(masks).ToDictionary(StringComparer.Ordinal),
            _parameters,
            new LossSum([.. block.Outputs.Select(output => new SquaredErrorLoss(output, output, weight: 1))]),
            isTrained ? GradientKind.Parameters : GradientKind.None
        );
        return (new TrainingSession(graph, threads), masks);
    }
}
