using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using ModelBuild.Compression.Training.Buffers;
using ModelBuild.Compression.Training.Data;
using ModelBuild.Compression.Training.Graphs;
using ModelBuild.Compression.Training.Precision;
using ModelBuild.Compression.Training.Recomputation;
using ModelBuild.Compression.Training.Settings;
using ModelBuild.Compression.Training.Workers;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Runs;

/// <summary>
/// Computes the loss of batches, with the gradients of parameters if they are needed. Batches of each form have their own session. All sessions share the
/// memory of the parameters.
/// </summary>
/// <param name="model">The model, prepared for training.</param>
/// <param name="parameters">The parameters.</param>
/// <param name="loss">The loss.</param>
/// <param name="teacher">The outputs of the teacher.</param>
/// <param name="threads">The number of threads.</param>
/// <param name="kind">The gradients that are computed.</param>
/// <param name="moved">Moves rows against the model before each run; null to leave them.</param>
/// <param name="precision">The numbers in which products and convolutions are computed.</param>
/// <param name="scale">The factor of the loss while gradients are computed; null for none.</param>
/// <param name="memory">The bytes that the values of all sessions may take.</param>
/// <param name="workers">The workers of which each runs a part of the same batch; null if this one runs whole batches.</param>
internal sealed class LossRuns(
    OnnxModel model,
    IReadOnlyList<Parameter> parameters,
    ILoss loss,
    TeacherCache teacher,
    int threads,
    GradientKind kind,
    MovedRows? moved = null,
    TrainingPrecision precision = TrainingPrecision.Full,
    LossScale? scale = null,
    long memory = long.MaxValue,
    IWorkerGroup? workers = null
) : IDisposable
{
    // The largest number of open sessions. Rows of different lengths need different sessions, and the session that was opened first is closed first.
    private const int MaxSessions = 16;

    private readonly List<(string Form, TrainingSession Session)> _sessions = [];

    /// <summary>The estimated memory of the graph that would take the most as one part; null if nothing was estimated.</summary>
    public MemoryEstimate? Largest { get; private set; }

    /// <summary>Returns the session for batches of the same form as the given batch.</summary>
    public TrainingSession For(TrainingBatch batch)
    {
        var form = string.Join(';', batch.Inputs.Select(input => $"{input.Name}:{string.Join(',', input.Type.Shape)}"));
        if (_sessions.Find(pair => pair.Form == form).Session is { } known)
            return known;
        if (_sessions.Count == MaxSessions)
            CloseOldest();
        var shapes = batch.Inputs.ToDictionary(input => input.Name, input => input.Type.Shape, StringComparer.Ordinal);
        var graph = TrainingGraph.Build(model, shapes, parameters, loss, kind, precision, scale, memory, areDivisorsShared: workers is { Size: > 1 });
        if (graph.Plan.Memory is { } estimate)
        {
            Largest = Largest is { } largest && largest.Undivided >= estimate.Undivided ? largest : estimate;
            while (_sessions.Count > 0 && _sessions.Sum(pair => pair.Session.Graph.Plan.Memory!.Bytes) > memory - estimate.Bytes)
                CloseOldest();
        }

        var session = new TrainingSession(graph, threads);
        _sessions.Add((form, session));
        return session;
    }

    /// <summary>Computes the terms of the loss, and the gradients if this object was created for gradients.</summary>
    /// <returns>The terms with their weights, in the order of the loss.</returns>
    public IReadOnlyList<(string Name, double Value)> Run(TrainingBatch batch)
    {
        var session = For(batch);
        var graph = session.Graph;
        foreach (var input in graph.Inputs)
            batch.CopyTo(input.Name, session.Batch(input.Name).Span);
        moved?.Move(batch, session.Batch);
        var targets = graph.Targets.Where(target => target.Output is not null).Select(target => (target.Output!, session.Batch(target.Name))).ToArray();
        if (targets.Length > 0)
            teacher.Run(session.Batch, batch, targets);
        foreach (var labels in graph.Targets.Where(target => target.Output is null))
            batch.CopyLabelsTo(MemoryMarshal.Cast<byte, long>(session.Batch(labels.Name).Span));
        if (workers is not null)
            session.ShareDivisors(workers);
        var values = session.Run();
        if (scale is not null)
            foreach (var (parameter, _) in graph.Parameters)
                TensorPrimitives.Multiply(parameter.Gradient, 1 / scale.Value, parameter.Gradient);
        return [.. values.Zip(graph.Terms).Select(pair => (pair.Second.Name, (double)pair.First * pair.Second.Weight))];
    }

    private void CloseOldest()
    {
        _sessions[0].Session.Dispose();
        _sessions.RemoveAt(0);
    }

    public void Dispose() => _sessions.ForEach(pair => pair.Session.Dispose());
}
