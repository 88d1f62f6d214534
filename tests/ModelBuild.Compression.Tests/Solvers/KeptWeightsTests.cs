using ModelBuild.Compression.Layers.Grids;
using ModelBuild.Compression.Layers.LinearAlgebra;
using ModelBuild.Compression.Layers.Losses;
using ModelBuild.Compression.Layers.Solvers;

namespace ModelBuild.Compression.Tests.Solvers;

public sealed class KeptWeightsTests
{
    [Fact]
    public void Each_row_is_solved_over_the_columns_of_its_own()
    {
        const double Ridge = 0.05;
        var problem = Problems.Create(new SymmetricGrid(8), upstream: 0.1f);
        var (loss, n) = ((DenseLoss)problem.Loss, problem.Inputs);
        bool[] kept = [.. Enumerable.Range(0, problem.Weights.Length).Select(i => (i * 7 + i / n) % 3 > 0)];
        var solution = problem.Weights.ToArray();

        new KeptWeights(loss, problem.Weights, Ridge).Improve(solution, kept, 200, threads: 2, CancellationToken.None);

        for (var row = 0; row < problem.Outputs; row++)
        {
            int[] own = [.. Enumerable.Range(0, n).Where(i => kept[row * n + i])];
            double[] matrix = [.. own.SelectMany(i => own.Select(j => loss.Hessian[i * n + j]))];
            var expected = Array.ConvertAll(own, i => loss.Cross(row)[i] + Ridge * loss.MeanSquare * problem.Weights[row * n + i]);
            Cholesky.Factor(matrix, own.Length, Ridge * loss.MeanSquare, CancellationToken.None).Solve(expected, CancellationToken.None);
            Assert.All(own.Zip(expected), pair => Assert.Equal(pair.Second, solution[row * n + pair.First], 3e-3));
            Assert.All(Enumerable.Range(0, n).Except(own), i => Assert.Equal(0, solution[row * n + i]));
        }
    }

    [Theory]
    [MemberData(nameof(Problems.Rules), MemberType = typeof(Problems))]
    public void Solvers_leave_pruned_weights_at_zero(string rule)
    {
        var made = Problems.Create(Problems.Named[rule], upstream: 0.05f);
        var weights = made.Weights.Select((weight, i) => i % 3 == 0 ? 0 : weight).ToArray();
        var problem = new LayerProblem
        {
            Outputs = made.Outputs,
            Inputs = made.Inputs,
            Weights = weights,
            Kept = LayerProblem.KeptOf(weights),
            Bias = made.Bias,
            GridRule = made.GridRule,
            Grid = made.GridRule.Fit(weights, made.Outputs, made.Inputs),
            Moments = made.Moments,
        };

        Assert.InRange(Problems.Gain(problem, new LeastSquares(0.01), new Gptq(), new CoordinateDescent(), new AdaRound(20)), 0.5, 50);

        for (var i = 0; i < weights.Length; i += 3)
        {
            Assert.Equal(0, problem.Weights[i]);
            Assert.Equal(problem.Grid.Code(i / problem.Inputs, i % problem.Inputs, 0), problem.Codes![i]);
        }

        Assert.Null(LayerProblem.KeptOf(made.Weights));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(33)]
    public void The_diagonal_of_an_inverse_is_that_of_the_inverse(int size)
    {
        var random = new Random(5);
        var matrix = new double[size * size];
        for (var i = 0; i < size; i++)
        for (var j = 0; j <= i; j++)
            matrix[i * size + j] = matrix[j * size + i] = i == j ? size : random.NextDouble();
        var factor = Cholesky.Factor(matrix, size, 0.5, CancellationToken.None);
        var inverse = new double[size * size];
        for (var i = 0; i < size; i++)
            inverse[i * size + i] = 1;
        factor.Solve(inverse, CancellationToken.None);

        Assert.All(factor.InverseDiagonal(CancellationToken.None).Index(), pair => Assert.Equal(inverse[pair.Index * (size + 1)], pair.Item, 1e-12));
    }
}
