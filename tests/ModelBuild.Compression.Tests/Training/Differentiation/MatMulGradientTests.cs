using ModelBuild.Onnx;

namespace ModelBuild.Compression.Tests.Training.Differentiation;

/// <summary>Tests the gradients of MatMul and FusedMatMul for each combination of ranks.</summary>
public sealed class MatMulGradientTests
{
    private static readonly (long[] A, long[] B)[] Shapes =
    [
        ([3], [3]),
        ([3], [3, 2]),
        ([4, 3], [3]),
        ([4, 3], [3, 2]),
        ([2, 4, 3], [3]),
        ([3], [2, 3, 4]),
        ([2, 4, 3], [3, 5]),
        ([4, 3], [2, 3, 5]),
        ([2, 4, 3], [2, 3, 5]),
        ([2, 4, 3], [1, 3, 5]),
        ([1, 4, 3], [2, 3, 5]),
        ([1, 4, 3], [1, 3, 1]),
        ([2, 1, 4, 3], [3, 3, 2]),
        ([3, 4, 3], [2, 1, 3, 2]),
        ([2, 3, 4, 3], [2, 3, 3, 2]),
        ([2, 3, 1, 3], [3, 2]),
        ([0, 4, 3], [3, 2]),
        ([0, 3], [3, 2]),
        ([1, 3], [3, 1]),
    ];

    public static TheoryData<long[], long[]> Ranks()
    {
        var cases = new TheoryData<long[], long[]>();
        foreach (var (a, b) in Shapes)
            cases.Add(a, b);
        return cases;
    }

    public static TheoryData<long[], long[], bool, bool> Transposed()
    {
        var cases = new TheoryData<long[], long[], bool, bool>();
        foreach (var (a, b) in Shapes.Where(shapes => shapes.A.Length > 1 && shapes.B.Length > 1))
        foreach (var transposeA in new[] { false, true })
        foreach (var transposeB in new[] { false, true })
            cases.Add(Turn(a, transposeA), Turn(b, transposeB), transposeA, transposeB);
        return cases;
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [MemberData(nameof(Ranks))]
    public void Batches_are_broadcast(long[] a, long[] b)
    {
        new GradientCheck(new Net().Input("a", a).Input("b", b).Node("MatMul", "a b", "y").Output("y")).Holds();
        new GradientCheck(new Net().Input("a", a).Weight("b", b).Node("MatMul", "a b", "y").Output("y")).Freeze("b").Holds();
        new GradientCheck(new Net().Weight("a", a).Input("b", b).Node("MatMul", "a b", "y").Output("y")).Freeze("a").Holds();
    }

    [Theory]
    [Trait("Speed", "Slow")]
    [MemberData(nameof(Transposed))]
    public void FusedMatMul_transposes_its_factors(long[] a, long[] b, bool transposeA, bool transposeB)
    {
        (string Name, object Value)[] attributes = [("alpha", 0.7f), ("transA", transposeA ? 1L : 0L), ("transB", transposeB ? 1L : 0L)];
        var node = Nodes.Create("FusedMatMul", ["a", "b"], ["y"], domain: Domains.Microsoft, attributes: attributes);
        new GradientCheck(new Net().Input("a", a).Input("b", b).Add(node).Output("y"))
            .Against(v => [.. Multiply(v["a"], a, transposeA, v["b"], b, transposeB).Select(value => 0.7f * value)])
            .Holds();
    }

    [Fact]
    public void One_value_may_be_both_factors()
    {
        new GradientCheck(new Net().Input("a", 3, 3).Node("MatMul", "a a", "y").Output("y")).Holds();
        new GradientCheck(new Net().Input("a", 2, 3, 3).Node("MatMul", "a a", "y").Output("y")).Holds();
        new GradientCheck(new Net().Input("a", 3).Node("MatMul", "a a", "y").Output("y")).Holds();
    }

    private static long[] Turn(long[] shape, bool isTransposed) => isTransposed ? [.. shape[..^2], shape[^1], shape[^2]] : shape;

    private static double[] Multiply(double[] a, long[] shapeA, bool transposeA, double[] b, long[] shapeB, bool transposeB)
    {
        var (plainA, plainB) = (Turn(shapeA, transposeA), Turn(shapeB, transposeB));
        var (rows, inner, columns) = (plainA[^2], plainA[^1], plainB[^1]);
        var rank = Math.Max(shapeA.Length, shapeB.Length) - 2;
        long[] batchA = [.. Enumerable.Repeat(1L, rank - shapeA.Length + 2), .. shapeA[..^2]];
        long[] batchB = [.. Enumerable.Repeat(1L, rank - shapeB.Length + 2), .. shapeB[..^2]];
        long[] batch = [.. batchA.Zip(batchB).Select(pair => pair.First == 1 ? pair.Second : pair.First)];
        var count = batch.Aggregate(1L, (x, y) => x * y);
        var y = new double[count * rows * columns];
        for (var n = 0L; n < count; n++)
        for (var i = 0L; i < rows; i++)
        for (var j = 0L; j < columns; j++)
        for (var k = 0L; k < inner; k++)
        {
            var left = Place(n, batch, batchA) * rows * inner + (transposeA ? k * rows + i : i * inner + k);
            var right = Place(n, batch, batchB) * inner * columns + (transposeB ? j * inner + k : k * columns + j);
            y[(n * rows + i) * columns + j] += a[left] * b[right];
        }

        return y;
    }

    // The method returns the index in a batch that is broadcast.
    private static long Place(long index, long[] batch, long[] own)
    {
        var (place, stride) = (0L, 1L);
        for (var axis = batch.Length - 1; axis >= 0; axis--)
        {
            place += own[axis] == 1 ? 0 : index % batch[axis] * stride;
            stride *= own[axis];
            index /= batch[axis];
        }

        return place;
    }
}
