using ModelBuild.Compression.Training.Differentiation.Operators.Products;

namespace ModelBuild.Compression.Tests.Training.Differentiation;

/// <summary>Tests the gradient of Einsum for many equations.</summary>
public sealed class EinsumGradientTests
{
    private static readonly Dictionary<char, long> Sizes = new()
    {
        ['b'] = 2,
        ['h'] = 3,
        ['i'] = 4,
        ['j'] = 5,
        ['k'] = 2,
        ['d'] = 3,
    };

    [Theory]
    [InlineData("ij->ji")]
    [InlineData("ij->i")]
    [InlineData("ij->")]
    [InlineData("bij->jb")]
    [InlineData("ji")]
    [InlineData("ij,jk->ik")]
    [InlineData("ij,jk")]
    [InlineData("ij,kj->ik")]
    [InlineData("bij, bjk -> bik")]
    [InlineData("bhid,bhjd->bhij")]
    [InlineData("bihd,bjhd->bhij")]
    [InlineData("i,j->ij")]
    [InlineData("i,i->")]
    [InlineData("ij,ij->ij")]
    [InlineData("ij,ij->j")]
    [InlineData("ijk,ij->i")]
    [InlineData("ij,k->i")]
    [InlineData("ij,jk,kd->id")]
    [InlineData("i,j,k->kji")]
    public void Each_input_has_its_gradient(string equation)
    {
        var inputs = equation.Split("->")[0].Replace(" ", "", StringComparison.Ordinal).Split(',');
        var net = new Net();
        for (var i = 0; i < inputs.Length; i++)
            net.Input($"x{i}", [.. inputs[i].Select(letter => Sizes[letter])]);
        Check(net, equation, inputs.Length).Holds();
    }

    [Theory]
    [InlineData("...ij,...jk->...ik", new long[] { 2, 3, 4 }, new long[] { 2, 4, 2 })]
    [InlineData("...ij,jk->...ik", new long[] { 2, 3, 4 }, new long[] { 4, 2 })]
    [InlineData("...ij->...ji", new long[] { 2, 3, 4 }, null)]
    [InlineData("...i->i...", new long[] { 2, 3, 4 }, null)]
    [InlineData("...i,i", new long[] { 2, 3, 4 }, new long[] { 4 })]
    public void An_ellipsis_stands_for_axes(string equation, long[] a, long[]? b)
    {
        var net = new Net().Input("x0", a);
        Check(b is null ? net : net.Input("x1", b), equation, b is null ? 1 : 2).Holds();
    }

    [Theory]
    [InlineData("...ij,...jk->...ik", new long[] { 2, 3, 4 }, new long[] { 1, 4, 2 })]
    [InlineData("...ij,...jk->...ik", new long[] { 1, 3, 4 }, new long[] { 2, 4, 2 })]
    [InlineData("...ij,...jk->...ik", new long[] { 2, 1, 3, 4 }, new long[] { 1, 3, 4, 2 })]
    public void An_ellipsis_is_broadcast(string equation, long[] a, long[] b) =>
        Check(new Net().Input("x0", a).Input("x1", b), equation, 2).OnlyKnownSizes().Holds();

    [Fact]
    public void One_value_may_be_both_inputs() =>
        new GradientCheck(new Net().Input("x", 3, 3).Node("Einsum", "x x", "y", ("equation", "ij,jk->ik")).Output("y")).Holds();

    [Theory]
    [InlineData("ii->i", 2)]
    [InlineData("bii,bi->b", 3)]
    public void A_letter_twice_in_one_input_is_a_diagonal(string equation, int rank) =>
        Assert.True(EinsumEquation.Parse(equation, equation.Contains(',') ? [rank, 2] : [rank]).HasDiagonal);

    private static GradientCheck Check(Net net, string equation, int inputs) =>
        new(net.Node("Einsum", string.Join(' ', Enumerable.Range(0, inputs).Select(i => $"x{i}")), "y", ("equation", equation)).Output("y"));
}
