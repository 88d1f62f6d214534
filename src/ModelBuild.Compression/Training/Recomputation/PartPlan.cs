using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Training.Blocked;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Training.Recomputation;

/// <summary>The parts in which a training graph runs, and the values between them.</summary>
/// <param name="Parts">The parts in the order in which they run.</param>
/// <param name="Buffers">The memory of the values between the parts.</param>
/// <param name="Memory">The estimated memory; null if it was not estimated.</param>
internal sealed record PartPlan(IReadOnlyList<TrainingPart> Parts, BufferPlan Buffers, MemoryEstimate? Memory)
{
    // The numbers of segments with which divisions of a training graph are tried. More segments would not reduce the recomputation, and would keep more values
    // between segments.
    private static readonly int[] SegmentCounts = [2, 3, 4, 6, 8, 12, 16, 24, 32];

    /// <summary>Returns the plan of a graph that runs as one part.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="sites">The gradients that are computed from its outputs.</param>
    public static PartPlan Whole(Graph graph, IReadOnlyList<ConvWeightSite> sites)
    {
        var uses = sites
            .SelectMany(site => new[] { (Name: site.Input, Shape: site.Kernel.Input), (Name: site.Gradient, Shape: site.Kernel.Output) })
            .DistinctBy(value => value.Name)
            .Select(value => new BufferUse(value.Name, new InferredTensor(DataType.Float, value.Shape), 0, 0));
        return new PartPlan([new TrainingPart(null, [], [.. graph.Proto.Output.Select(output => output.Name)], sites)], new BufferPlan(uses), null);
    }

    /// <summary>
    /// Returns the plan with the least recomputation whose estimated memory is within a limit. If there is none, it returns the plan with the least memory.
    /// </summary>
    /// <param name="graph">The graph.</param>
    /// <param name="whole">The plan of the graph as one part.</param>
    /// <param name="bound">The outputs of the graph that have their own memory.</param>
    /// <param name="limit">The limit in bytes.</param>
    public static PartPlan Within(TrainingNodes graph, PartPlan whole, IReadOnlySet<string> bound, long limit)
    {
        var undivided = new Division(graph, bound, [graph.ForwardCount], recomputed: 0);
        if (undivided.Bytes <= limit)
            return whole with { Memory = new MemoryEstimate(undivided.Bytes, undivided.Bytes, 1, 0) };
        var segments = new Segments(graph);
        var divisions = SegmentCounts
            .Select(segments.Divide)
            .DistinctBy(ends => ends.Length)
            .SelectMany(ends => Enumerable.Range(0, ends.Length).Select(recomputed => new Division(graph, bound, ends, recomputed)))
            .Append(undivided)
            .ToArray();
        var chosen =
            divisions
                .Where(division => division.Bytes <= limit)
                .OrderBy(division => division.RecomputedWork)
                .ThenBy(division => division.Bytes)
                .FirstOrDefault()
            ?? divisions.MinBy(division => division.Bytes)!;
        return new PartPlan(chosen.Parts, chosen.Buffers, new MemoryEstimate(chosen.Bytes, undivided.Bytes, chosen.Segments, chosen.Recomputed));
    }
}
