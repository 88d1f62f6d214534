using ModelBuild.Compression.Training.Blocked;
using ModelBuild.Compression.Training.Buffers;

namespace ModelBuild.Compression.Training.Graphs;

/// <summary>Computes the gradients of the weights of convolutions from outputs of a part of the training graph.</summary>
internal sealed class ConvWeights
{
    private readonly (ConvWeightKernel Kernel, int Part, NativeBuffer Input, NativeBuffer Gradient, float[] Weights)[] _parts;
    private readonly ParallelOptions _options;

    /// <summary>Prepares the computation of the gradients.</summary>
    /// <param name="sites">The gradients.</param>
    /// <param name="buffers">The memory of the outputs by name.</param>
    /// <param name="gradients">The array that receives a gradient, by its name.</param>
    /// <param name="threads">The number of threads.</param>
    public ConvWeights(IEnumerable<ConvWeightSite> sites, IReadOnlyDictionary<string, NativeBuffer> buffers, Func<string, float[]> gradients, int threads)
    {
        _options = new ParallelOptions { MaxDegreeOfParallelism = threads };
        _parts =
        [
            .. sites.SelectMany(site =>
                Enumerable.Range(0, site.Kernel.Parts).Select(part => (site.Kernel, part, buffers[site.Input], buffers[site.Gradient], gradients(site.Value)))
            ),
        ];
    }

    /// <summary>Computes the gradients. The part of the training graph must have run.</summary>
    public void Run() =>
        Parallel.For(
            0,
            _parts.Length,
            _options,
            index =>
            {
                var (kernel, part, input, gradient, weights) = _parts[index];
                kernel.Run(part, input.Floats(Count(kernel.Input)), gradient.Floats(Count(kernel.Output)), weights);
            }
        );

    private static long Count(long[] shape) => shape.Aggregate(1L, (a, b) => a * b);
}
