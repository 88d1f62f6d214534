using ModelBuild.Compression.Layers.LinearAlgebra;
using ModelBuild.Compression.Operators;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Layers;

/// <summary>The memory layout of a layer's weights and its conversion to rows, one for each output channel: [N, K].</summary>
/// <param name="Shape">The shape of the tensor: Conv [N, C/groups, …], ConvTranspose [C, N/groups, …], Gemm and MatMul [N, K] or [K, N].</param>
/// <param name="ChannelAxis">The axis of the output channels.</param>
/// <param name="Groups">The number of groups. Each group of a ConvTranspose has the complete channel axis.</param>
internal sealed record WeightLayout(long[] Shape, int ChannelAxis, int Groups)
{
    /// <summary>Whether the first axis of the tensor is that of the inputs.</summary>
    public bool IsTransposed => ChannelAxis == 1;

    /// <summary>N, the number of output channels of the layer.</summary>
    public int Outputs => (int)Shape[ChannelAxis] * (IsTransposed ? Groups : 1);

    /// <summary>K, the number of inputs that each output channel multiplies.</summary>
    public int Inputs => (int)(Shape.Aggregate(1L, (a, b) => a * b) / Math.Max(1, Outputs));

    /// <summary>The number of elements of the layer's kernel; 1 for matrix products.</summary>
    public int Patch => (int)Shape.Skip(2).Aggregate(1L, (a, b) => a * b);

    /// <summary>Whether each output channel has its own slice of the tensor and can have its own scale. The groups of a ConvTranspose share slices.</summary>
    public bool HasChannelSlices => Outputs == Shape[ChannelAxis];

    /// <summary>Returns the layout of the constant weights of a Conv, ConvTranspose, Gemm or MatMul.</summary>
    public static WeightLayout Of(NodeProto node, TensorProto weight)
    {
        var found = WeightedOperator.Of(node);
        return new WeightLayout([.. weight.Dims], found.OutputAxis(node) ?? 0, found.Groups(node));
    }

    /// <summary>Returns the number of groups of a layer; 1 for all layers except grouped convolutions.</summary>
    public static int GroupsOf(NodeProto node) => WeightedOperator.Find(node)?.Groups(node) ?? 1;

    /// <summary>Returns the number of elements of a layer's kernel; 1 for matrix products.</summary>
    public static int PatchOf(NodeProto node, IEnumerable<long> shape) =>
        WeightedOperator.Find(node) is { IsConvolution: true } ? (int)shape.Skip(2).Aggregate(1L, (a, b) => a * b) : 1;

    /// <summary>Returns the elements of the tensor as rows [N, K].</summary>
    public T[] ToRows<T>(ReadOnlySpan<T> elements) =>
        !IsTransposed ? elements.ToArray()
        : IsMatrix ? Matrix.Transpose(elements, Outputs)
        : Moved(elements, InputsOfGroup, (int)Shape[1]);

    /// <summary>Returns rows [N, K] in the order of the tensor's elements.</summary>
    public T[] FromRows<T>(ReadOnlySpan<T> rows) =>
        !IsTransposed ? rows.ToArray()
        : IsMatrix ? Matrix.Transpose(rows, Inputs)
        : Moved(rows, (int)Shape[1], InputsOfGroup);

    private bool IsMatrix => Shape.Length == 2;

    private int InputsOfGroup => (int)Shape[0] / Groups;

    // Returns the elements with the first two axes swapped in each group: [first, second, kernel] becomes [second, first, kernel].
    private T[] Moved<T>(ReadOnlySpan<T> source, int first, int second)
    {
        var moved = new T[source.Length];
        var patch = source.Length / Math.Max(1, Groups * first * second);
        for (var group = 0; group < Groups; group++)
        for (var i = 0; i < first; i++)
        for (var j = 0; j < second; j++)
            source.Slice(((group * first + i) * second + j) * patch, patch).CopyTo(moved.AsSpan(((group * second + j) * first + i) * patch, patch));
        return moved;
    }
}
