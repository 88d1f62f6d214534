using ModelBuild.Compression.Reports;
using ModelBuild.Compression.Training.Buffers;
using ModelBuild.Compression.Training.Optimizers;
using ModelBuild.Compression.Training.Settings;
using ModelBuild.Compression.Training.Weights;
using ModelBuild.Compression.Training.Workers;

namespace ModelBuild.Compression.Training.Recomputation;

/// <summary>The limit of memory of a training, and the part of it that weights, gradients and the state of the optimizer take.</summary>
internal sealed class TrainingMemory
{
    // The divisor of the memory that the process may use. Training takes this part of it unless the user sets a limit.
    private const int UsualPart = 2;

    private readonly long _limit;
    private readonly long _state;

    /// <summary>Computes the limit of memory and the part that the weights and their state take.</summary>
    /// <param name="options">The options of training.</param>
    /// <param name="values">The values that training changes.</param>
    /// <param name="workers">The workers, of which some share the memory of the machine.</param>
    public TrainingMemory(TrainingOptions options, IReadOnlyList<TrainedValue> values, IWorkerGroup workers)
    {
        // The limit follows from the memory of the machine or its container, which is the same in each run, so that the same machine gives the same bytes. The
        // free memory would differ.
        _limit = options.Memory.Bytes ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / UsualPart / workers.OnMachine;
        var perNumber = OptimizerCatalog.StateOf(options.Optimizer) + (options.Average > 0 ? 2 : 0) + 1;
        _state = values.Sum(value => Bytes(value.Free, 2 + perNumber) + (value.Free == value.Input ? 0 : Bytes(value.Input, 2)));
    }

    /// <summary>The bytes that remain for the values of a training graph.</summary>
    public long ForGraphs => Math.Max(0, _limit - _state);

    /// <summary>Returns the facts about a training whose graph was divided; null if all of it is within the limit as one part.</summary>
    public MemoryReport? Report(MemoryEstimate? graph) =>
        graph is null || _state + graph.Undivided <= _limit
            ? null
            : new MemoryReport(graph.Segments, graph.Recomputed, _state + graph.Bytes, _state + graph.Undivided, _limit);

    private static long Bytes(Parameter parameter, int arrays) => (long)parameter.Values.Length * sizeof(float) * arrays;
}
