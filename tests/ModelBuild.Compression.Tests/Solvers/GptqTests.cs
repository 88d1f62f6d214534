using ModelBuild.Compression.Layers.Grids;
using ModelBuild.Compression.Layers.LinearAlgebra;
using ModelBuild.Compression.Layers.Losses;
using ModelBuild.Compression.Layers.Solvers;

namespace ModelBuild.Compression.Tests.Solvers;

public sealed class GptqTests
{
    [Theory]
    [Trait("Speed", "Slow")]
    [MemberData(nameof(Problems.Rules), MemberType = typeof(Problems))]
    public void Codes_are_those_of_the_paper(string rule)
    {
        foreach (var (bias, actOrder) in new[] { (true, true), (true, false), (false, true) })
        {
            var problem = Problems.Create(Problems.Named[rule], inputs: 70, outputs: 20, bias);

            new Gptq(actOrder: actOrder).Solve(problem, CancellationToken.None);

            Assert.Equal(ByTheInverse(problem, actOrder), problem.Codes);
        }
    }

    [Fact]
    public void Four_bits_come_out_at_least_3_dB_nearer_than_by_rounding()
    {
        Assert.InRange(Problems.Gain(Problems.Create(new SymmetricGrid(4)), new Gptq()), 3, 30);
        Assert.InRange(Problems.Gain(Problems.Create(new SymmetricGrid(4), bias: false), new Gptq()), 3, 30);
        Assert.InRange(Problems.Gain(Problems.Create(new SymmetricGrid(4, 16)), new Gptq()), 3, 30);
        Assert.InRange(Problems.Gain(Problems.Create(new SymmetricGrid(8)), new Gptq()), 3, 30);
    }

    [Fact]
    public void Inputs_that_never_change_get_the_nearest_codes()
    {
        var problem = Problems.Create(new SymmetricGrid(4), bias: false);
        for (var i = 0; i < problem.Inputs; i++)
            problem.Moments.Gram[5 * problem.Inputs + i] = problem.Moments.Gram[i * problem.Inputs + 5] = 0;

        new Gptq().Solve(problem, CancellationToken.None);

        for (var row = 0; row < problem.Outputs; row++)
            Assert.Equal(problem.Grid.Code(row, 5, problem.Weights[row * problem.Inputs + 5]), problem.Codes![row * problem.Inputs + 5]);
    }

    [Fact]
    public void A_layer_that_saw_only_zeros_is_rounded()
    {
        var problem = Problems.Create(new SymmetricGrid(4));
        Array.Clear(problem.Moments.Gram);
        Array.Clear(problem.Moments.InputMean);

        new Gptq().Solve(problem, CancellationToken.None);

        Assert.Equal(problem.Grid.Round(problem.Weights), problem.Codes);
    }

    // The method follows the published algorithm. After each column, its error is distributed over the other columns, in the proportions of a row of the
    // upper factor of H⁻¹.
    private static int[] ByTheInverse(LayerProblem problem, bool actOrder)
    {
        var n = problem.Inputs;
        var loss = (DenseLoss)problem.Loss;
        var order = Enumerable.Range(0, n).ToArray();
        if (actOrder)
            order = [.. order.OrderByDescending(i => loss.Hessian[i * n + i])];
        var hessian = new double[n * n];
        for (var i = 0; i < n; i++)
        for (var j = 0; j < n; j++)
            hessian[i * n + j] = loss.Hessian[order[i] * n + order[j]] + (i == j ? 0.01 * loss.MeanSquare : 0);
        var inverse = new double[n * n];
        for (var i = 0; i < n; i++)
            inverse[i * n + i] = 1;
        Cholesky.Factor(hessian, n, damping: 0, CancellationToken.None).Solve(inverse, CancellationToken.None);
        var factor = Cholesky.Factor(inverse, n, damping: 0, CancellationToken.None);

        var codes = new int[problem.Weights.Length];
        for (var row = 0; row < problem.Outputs; row++)
        {
            var weights = order.Select(column => (double)problem.Weights[row * n + column]).ToArray();
            for (var i = 0; i < n; i++)
            {
                var code = codes[row * n + order[i]] = problem.Grid.Code(row, order[i], weights[i]);
                var error = (weights[i] - problem.Grid.Value(row, order[i], code)) / factor.Upper(i)[0];
                for (var j = i; j < n; j++)
                    weights[j] -= error * factor.Upper(i)[j - i];
            }
        }

        return codes;
    }
}
