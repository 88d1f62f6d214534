using ModelBuild.Compression.Formats;
using ModelBuild.Compression.Passes.Quantization.Storage;
using ModelBuild.Onnx;
using DataType = ModelBuild.Onnx.TensorProto.Types.DataType;

namespace ModelBuild.Compression.Passes.Clustering;

/// <summary>
/// The stored form of clustered weights: Gather(codebook, Cast(indices)), which ONNX Runtime computes once when it loads the model. Up to 16 values take 4-bit
/// indices (opset 21). Before opset 21 each byte holds two indices, one of the first and one of the second half of the weight. If each channel has its own
/// codebook, the offset of that codebook is added to the indices first.
/// </summary>
/// <param name="bits">The bits of an index: 4 or 8.</param>
/// <param name="inHalves">Whether bytes hold two indices each because the model has no 4-bit integers. The number of weights is even in that case.</param>
internal sealed class CodebookForm(int bits, bool inHalves)
{
    private const int Nodes = 4;
    private const int NodesOfChannels = 2;
    private const int NodesOfHalves = 8;

    /// <summary>Returns the stored form for a weight with a given number of elements and clusters.</summary>
    /// <param name="count">The number of weights.</param>
    /// <param name="clusters">The number of different values.</param>
    /// <param name="hasInt4">Whether the model can use 4-bit integers.</param>
    public static CodebookForm Of(long count, int clusters, bool hasInt4) =>
        clusters <= 16 && (hasInt4 || count % 2 == 0) ? new CodebookForm(4, inHalves: !hasInt4) : new CodebookForm(8, inHalves: false);

    /// <summary>The number of bits of an index: 4 or 8.</summary>
    public int Bits => bits;

    /// <summary>Whether the model needs opset 21.</summary>
    public bool NeedsInt4 => bits == 4 && !inHalves;

    /// <summary>Returns the bytes of the indices and codebooks, and the number of nodes and initializers that are added.</summary>
    public (long Bytes, int Nodes) Cost(long count, long books, int clusters) =>
        (
            count * bits / 8 + books * clusters * sizeof(float) + (books > 1 ? books * sizeof(int) : 0),
            Nodes + (books > 1 ? NodesOfChannels : 0) + (inHalves ? NodesOfHalves : 0)
        );

    /// <summary>Replaces the weight by the nodes that compute it from the codebook and the indices.</summary>
    public void Replace(WeightSite site, ClusteredTensor weights)
    {
        var (nodes, initializers) = (new List<NodeProto>(), new List<TensorProto>());
        string Step(string op, string hint, string[] inputs, params (string Name, object Value)[] attributes)
        {
            nodes.Add(Onnx.Nodes.Create(op, inputs, [site.Scope.FreshName($"{site.Name}_{hint}")], attributes: attributes));
            return nodes[^1].Output[0];
        }

        string Initializer(string hint, Func<string, TensorProto> make)
        {
            initializers.Add(make(site.Scope.FreshName($"{site.Name}_{hint}")));
            return initializers[^1].Name;
        }

        long[] shape = [.. site.Tensor.Dims];
        var stored = Initializer("indices", name => Indices(name, shape, weights.Codes));
        var indices = Step("Cast", "cast", [stored], ("to", (long)DataType.Int32));
        if (inHalves)
        {
            var sixteen = Initializer("sixteen", name => Tensors.Create<int>(name, [], [16]));
            var second = Step("Div", "second", [indices, sixteen]);
            var first = Step("Sub", "first", [indices, Step("Mul", "product", [second, sixteen])]);
            indices = Step(
                "Reshape",
                "shaped",
                [Step("Concat", "whole", [first, second], ("axis", 0L)), Initializer("shape", name => Tensors.Create(name, [shape.Length], shape))]
            );
        }

        var books = weights.Books.Length / weights.BookSize;
        if (books > 1)
            indices = Step(
                "Add",
                "places",
                [
                    indices,
                    Initializer(
                        "starts",
                        name => Tensors.Create(name, weights.BookShape, [.. Enumerable.Range(0, books).Select(book => book * weights.BookSize)])
                    ),
                ]
            );
        Step("Gather", "gathered", [Initializer("codebook", name => Tensors.Create(name, [weights.Books.Length], weights.Books)), indices]);
        nodes[^1].Output[0] = site.Name;
        StoredWeights.Replace(site, nodes, initializers);
    }

    private TensorProto Indices(string name, long[] shape, byte[] codes) =>
        bits == 8 ? Tensors.Create(name, shape, codes)
        : inHalves ? Tensors.Create(name, [codes.Length / 2], CodePacking.PackHalves(codes))
        : Tensors.Create(name, DataType.Uint4, shape, CodePacking.Pack(codes, codes.Length, codes.Length, bits));
}
