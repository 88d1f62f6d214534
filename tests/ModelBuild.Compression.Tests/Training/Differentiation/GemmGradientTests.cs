namespace ModelBuild.Compression.Tests.Training.Differentiation;

/// <summary>Tests the gradient of Gemm with each combination of its attributes and of the shape of its last input.</summary>
public sealed class GemmGradientTests
{
    public static TheoryData<bool, bool, float, float, long[]?> Cases()
    {
        var cases = new TheoryData<bool, bool, float, float, long[]?>();
        foreach (var transposeA in new[] { false, true })
        foreach (var transposeB in new[] { false, true })
        foreach (var (alpha, beta) in new[] { (1f, 1f), (0.6f, 1.7f) })
        foreach (var c in new long[]?[] { null, [], [4], [1], [3, 1], [1, 4], [3, 4] })
            cases.Add(transposeA, transposeB, alpha, beta, c);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void All_inputs_are_trained(bool transposeA, bool transposeB, float alpha, float beta, long[]? c)
    {
        var net = new Net().Input("a", transposeA ? [2, 3] : [3, 2]).Weight("b", transposeB ? [4, 2] : [2, 4]);
        if (c is not null)
            net.Weight("c", c);
        net.Node("Gemm", c is null ? "a b" : "a b c", "y", ("alpha", alpha), ("beta", beta), ("transA", transposeA ? 1L : 0L), ("transB", transposeB ? 1L : 0L))
            .Output("y");
        new GradientCheck(net).Holds();
    }

    [Fact]
    public void One_value_may_be_all_inputs() => new GradientCheck(new Net().Input("a", 3, 3).Node("Gemm", "a a a", "y").Output("y")).Holds();
}
