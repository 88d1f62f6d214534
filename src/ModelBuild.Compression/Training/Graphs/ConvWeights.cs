using ModelBuild.Compression.Training.Blocked;

namespace ModelBuild.Compression.Training.Graphs;

/// <summary>Computes the gradients of the weights of convolutions from outputs of the training graph.</summary>
internal sealed class ConvWeights
{
    private readonly Dictionary<string, (float[] Values, long[] Shape)> _outputs = new(StringComparer.Ordinal);
    private readonly (ConvWeightKernel Kernel, int Part, float[] Input, float[] Gradient, float[] Weights)[] _parts;
    private readonly ParallelOptions _options;

    /// <summary>Prepares the computation for a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="threads">The number of threads.</param>
    public ConvWeights(TrainingGraph graph, int threads)
    {
        _options = new ParallelOptions { MaxDegreeOfParallelism = threads };
        var parts = new List<(ConvWeightKernel, int, float[], float[], float[])>();
        foreach (var site in graph.ConvWeights)
        {
            var weights = graph.Parameters.Single(pair => pair.Gradient == site.Value).Parameter.Gradient;
            var (input, gradient) = (Output(site.Input, site.Kernel.Input), Output(site.Gradient, site.Kernel.Output));
            parts.AddRange(Enumerable.Range(0, site.Kernel.Parts).Select(part => (site.Kernel, part, input, gradient, weights)));
        }

        _parts = [.. parts];
    }

    /// <summary>The outputs of the graph that are read, with the memory that receives them.</summary>
    public IEnumerable<(string Name, float[] Values, long[] Shape)> Outputs => _outputs.Select(output => (output.Key, output.Value.Values, output.Value.Shape));

    /// <summary>Computes the gradients. The graph must have run.</summary>
    public void Run() =>
        Parallel.For(
            0,
            _parts.Length,
            _options,
            index =>
            {
                var (kernel, part, input, gradient, weights) = _parts[index];
                kernel.Run(part, input, gradient, weights);
            }
        );

    private float[] Output(string name, long[] shape)
    {
        if (!_outputs.TryGetValue(name, out var output))
            _outputs[name] = output = (GC.AllocateArray<float>(checked((int)shape.Aggregate(1L, (a, b) => a * b)), pinned: true), shape);
        return output.Values;
    }
}
