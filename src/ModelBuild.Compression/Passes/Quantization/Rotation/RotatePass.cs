using ModelBuild.Compression.Operators;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Passes.Quantization.Rotation;

/// <summary>
/// The step <c>rotate</c>: the residual stream of a transformer is multiplied by an orthogonal matrix, so that outliers in few channels become even vectors
/// (QuaRot: Ashkboos et al. 2024, arXiv 2404.00456). The weights that write and read the stream absorb the matrix. The gain and shift of each normalization are
/// moved into the layers after it first (SliceGPT: Ashkboos et al. 2024, arXiv 2401.15024). The matrix keeps the mean of each vector, so LayerNormalization
/// needs no other operator. A stream is skipped if one of its readers or writers has no weights that can absorb the matrix, such as the normalizations of BERT,
/// which compute the stream themselves.
/// </summary>
internal sealed class RotatePass : IPass
{
    // The largest odd factor of a vector's size that is rotated. The work to compute the random matrix grows with the cube of this factor.
    private const int MaxOddFactor = 1024;

    public void Run(PassContext context)
    {
        var main = new Graph(context.Model);
        var sizes = new ValueSizes(main);
        var normalizations = new NormalizationMatch(main, sizes).All();
        var entrances = new Dictionary<NodeProto, Normalization>(ReferenceEqualityComparer.Instance);
        foreach (var normalization in normalizations)
        foreach (var entrance in normalization.Entrances)
            entrances[entrance] = normalization;
        var rotations = new Dictionary<int, RandomRotation>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var normalization in normalizations)
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            var value = normalization.Entrances[0].Input[0];
            if (seen.Contains(value))
                continue;
            if (sizes.Last(value) is not (> 1 and <= int.MaxValue and var size))
            {
                context.Report.Leave(NodeLabel.Of(normalization.Node), "the size of its vectors is unknown");
                continue;
            }

            if (size / (size & -size) > MaxOddFactor)
            {
                context.Report.Leave(NodeLabel.Of(normalization.Node), "the size of its vectors has a large odd factor, for which a rotation is slow");
                continue;
            }

            var rotation = rotations.TryGetValue((int)size, out var known) ? known : rotations[(int)size] = new RandomRotation((int)size);
            var stream = ResidualStream.Find(main, sizes, entrances, value, rotation);
            seen.UnionWith(stream.Values);
            if (stream.Obstacle is { } why)
            {
                context.Report.Leave(NodeLabel.Of(normalization.Node), why);
                continue;
            }

            stream.Rotate();
            context.Report.Changed("residual streams rotated");
            context.Report.Changed("normalizations that read them", stream.Normalizations);
        }
    }
}
