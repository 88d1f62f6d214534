using ModelBuild.Compression.Execution;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Differentiation.Operators.Resampling;

/// <summary>
/// The matrix of a linear map along one axis. An operator that is such a map along each of some axes, such as Resize or AveragePool, has as its gradient the
/// product with the transposed matrix along each axis.
/// </summary>
/// <param name="Axis">The axis.</param>
/// <param name="From">The size of the axis in the input of the operator.</param>
/// <param name="To">The size of the axis in its output.</param>
/// <param name="Values">The matrix [From, To]: each row is what the operator makes of a unit vector.</param>
internal sealed record AxisMatrix(int Axis, long From, long To, float[] Values)
{
    /// <summary>Reads the matrix from the results that ONNX Runtime computes for unit vectors.</summary>
    /// <param name="node">The node of the forward graph.</param>
    /// <param name="axis">The axis.</param>
    /// <param name="single">A node that applies the operator to the axis alone. Its input x has the unit vectors along the first axis; its output is y.</param>
    /// <param name="shape">The shape of x. The first axis has as many elements as <paramref name="axis"/>.</param>
    /// <param name="others">The other inputs of the node, which are constants.</param>
    /// <exception cref="NoGradientException">ONNX Runtime cannot run the node.</exception>
    public static AxisMatrix Of(GradientNode node, int axis, NodeProto single, long[] shape, params TensorProto[] others)
    {
        var size = shape[0];
        var units = new float[size * size];
        for (var i = 0L; i < size; i++)
            units[i * size + i] = 1;
        var proto = new ModelProto
        {
            IrVersion = 10,
            Graph = new GraphProto { Name = "axis" },
        };
        proto.OpsetImport.Add(node.Backward.Graph.Model.Proto.OpsetImport);
        proto.Graph.Initializer.Add(others.Append(Tensors.Create("x", shape, units)));
        var made = ConstantEvaluator.TryEvaluate(new Graph(new OnnxModel(proto)), [single], ["y"], CancellationToken.None);
        var values =
            made?["y"].ToFloats() ?? throw new NoGradientException($"ONNX Runtime does not apply {single.OpType} with these attributes to one axis alone");
        return new AxisMatrix(axis, size, values.Length / size, values);
    }

    /// <summary>Applies the transposed maps to a gradient, and returns the name of the result.</summary>
    /// <param name="node">The node to which the nodes belong.</param>
    /// <param name="gradient">A value of the shape of the output.</param>
    /// <param name="sizes">The sizes of the output; −1 for an unknown size.</param>
    /// <param name="maps">The maps.</param>
    /// <returns>A value of the shape of the input.</returns>
    public static string Transpose(GradientNode node, string gradient, long[] sizes, IEnumerable<AxisMatrix> maps)
    {
        var current = sizes.ToArray();
        // The maps that make the value smaller are applied first, so that the maps of the other axes have less work.
        foreach (var map in maps.OrderBy(map => (double)map.From / Math.Max(1, map.To)))
        {
            gradient = map.Apply(node, gradient, current);
            current[map.Axis] = map.From;
        }

        return gradient;
    }

    private string Apply(GradientNode node, string gradient, long[] sizes)
    {
        if (Axis == sizes.Length - 1 && sizes.Length > 1)
            return node.Emit("MatMul", [gradient, node.Floats([To, From], Transposed())]);
        var matrix = node.Floats([From, To], Values);
        if (Axis == sizes.Length - 2 || sizes.Length == 1)
            return node.Emit("MatMul", [matrix, gradient]);
        var inner = sizes[(Axis + 1)..].Aggregate(1L, (a, b) => a * b);
        if (sizes.Count(size => size < 0) > 1 || sizes[(Axis + 1)..].Any(size => size < 0))
            throw new NoGradientException("the sizes of its input are not fixed");
        long[] outer = sizes[..Axis];
        var rows = node.Emit("Reshape", [gradient, node.Integers([.. outer, To, inner])]);
        var product = node.Emit("MatMul", [matrix, rows]);
        return node.Emit("Reshape", [product, node.Integers([.. outer, From, .. sizes[(Axis + 1)..]])]);
    }

    private float[] Transposed()
    {
        var transposed = new float[Values.Length];
        for (var from = 0L; from < From; from++)
        for (var to = 0L; to < To; to++)
            transposed[to * From + from] = Values[from * To + to];
        return transposed;
    }
}
