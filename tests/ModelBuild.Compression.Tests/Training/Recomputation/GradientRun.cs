using System.Runtime.InteropServices;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Training.Graphs;
using ModelBuild.Compression.Training.Preparation;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Training.Recomputation;

/// <summary>Computes the gradients of all parameters of a model within a limit of memory.</summary>
internal sealed class GradientRun
{
    private readonly TrainableModel _model;
    private readonly Sample _batch;
    private readonly RandomSum _loss;

    /// <summary>Prepares a model whose input is <c>x</c>.</summary>
    /// <param name="model">The model.</param>
    /// <param name="samples">Its inputs.</param>
    /// <param name="rows">The number of rows of a batch.</param>
    public GradientRun(OnnxModel model, ISampleSource samples, int rows)
    {
        _model = TrainableModel.Open(model, samples, keepsZeros: false, CancellationToken.None);
        Assert.Null(_model.Obstacle);
        _batch = BatchRows.Join(BatchRows.Take(samples, _model.BatchAxes, rows, CancellationToken.None)!, _model.BatchAxes);
        var outputs = RealSamples.FloatOutputs(_model.Model, _batch);
        _loss = new RandomSum(outputs.ToDictionary(pair => pair.Key, pair => pair.Value.Shape, StringComparer.Ordinal));
    }

    /// <summary>Builds the training graph.</summary>
    /// <param name="memory">The limit in bytes.</param>
    public TrainingGraph Graph(long memory)
    {
        var values = _model.Values();
        foreach (var value in values)
            value.Compute();
        return TrainingGraph.Build(_model.Model, _batch.Shapes(), [.. values.Select(value => value.Input)], _loss, memory: memory);
    }

    /// <summary>Computes the loss, and the gradients by the name of the parameter.</summary>
    /// <param name="graph">The training graph.</param>
    public (float Loss, IReadOnlyDictionary<string, float[]> Gradients) Run(TrainingGraph graph)
    {
        using var session = new TrainingSession(graph, threads: 2);
        foreach (var (name, array) in _batch.Inputs)
            if (session.Batch(name) is { Length: > 0 } memory)
                array.Data.CopyTo(memory.Span);
        foreach (var (index, target) in graph.Targets.Index())
        {
            var numbers = MemoryMarshal.Cast<byte, float>(session.Batch(target.Name).Span);
            if (RandomSum.StartOf(target) is null)
                Noise.Floats(numbers.Length, seed: index + 1).CopyTo(numbers);
        }

        // In the second run, the buffers have the contents that the first run has left.
        session.Run();
        var loss = session.Run()[0];
        return (loss, graph.Parameters.ToDictionary(pair => pair.Parameter.Name, pair => (float[])pair.Parameter.Gradient.Clone(), StringComparer.Ordinal));
    }
}
