using ModelBuild.Compression.Layers;
using ModelBuild.Compression.Layers.Moments;
using ModelBuild.Compression.Layers.Solvers;
using ModelBuild.Compression.Passes.Quantization.Recovery;

namespace ModelBuild.Compression.Tests.Solvers;

/// <summary>Tests that the solved weights of a layer are kept only if they reduce the error on held-out rows.</summary>
public sealed class LayerAcceptanceTests
{
    [Theory]
    [MemberData(nameof(Problems.Rules), MemberType = typeof(Problems))]
    public void A_solver_that_fits_noise_changes_nothing(string rule)
    {
        var (problem, heldOut) = Create(rule);
        int[] codes = [.. problem.Codes!];
        float[] bias = [.. problem.Bias!];
        using var answers = new RowAnswers();
        var acceptance = new LayerAcceptance(problem, heldOut, answers);

        new Damage().Solve(problem, CancellationToken.None);
        acceptance.Consider();

        Assert.Equal(0, acceptance.Accepted);
        Assert.Equal(codes, problem.Codes);
        Assert.Equal(bias, problem.Bias);
    }

    [Theory]
    [MemberData(nameof(Problems.Rules), MemberType = typeof(Problems))]
    public void No_channel_gets_worse_and_some_get_better(string rule)
    {
        var (problem, heldOut) = Create(rule);
        var before = Errors(problem, heldOut);
        using var answers = new RowAnswers();
        var acceptance = new LayerAcceptance(problem, heldOut, answers);

        foreach (var solver in new ILayerSolver[] { new Gptq(), new CoordinateDescent(), new BiasCorrection() })
        {
            solver.Solve(problem, CancellationToken.None);
            acceptance.Consider();
        }

        var after = Errors(problem, heldOut);
        Assert.True(acceptance.Accepted > 0);
        Assert.True(after.Sum() < before.Sum());
        if (!problem.GridRule.Shared)
            Assert.All(before.Zip(after), pair => Assert.True(pair.Second <= pair.First * 1.001));
    }

    private static (LayerProblem Problem, LayerSample HeldOut) Create(string rule)
    {
        var problem = Problems.Create(Problems.Named[rule]);
        problem.Codes = problem.Grid.Round(problem.Weights);
        var x = Problems.Activations(problem.Inputs, seed: 3)[..(200 * problem.Inputs)];
        return (problem, new LayerSample(problem.Inputs, problem.Outputs, x, Problems.Answers(x, problem.Weights, problem.Bias, problem.Inputs)));
    }

    private static double[] Errors(LayerProblem problem, LayerSample heldOut)
    {
        var answers = Problems.Answers(heldOut.X, Array.ConvertAll(problem.Quantized(), value => (float)value), problem.Bias, problem.Inputs);
        var errors = new double[problem.Outputs];
        for (var i = 0; i < answers.Length; i++)
            errors[i % problem.Outputs] += Math.Pow((double)answers[i] - heldOut.Y[i], 2);
        return errors;
    }

    // The solver changes the code of each weight and shifts the bias.
    private sealed class Damage : ILayerSolver
    {
        public void Solve(LayerProblem problem, CancellationToken cancellationToken)
        {
            problem.Codes = Array.ConvertAll(problem.Codes!, code => code == problem.Grid.MinCode ? code + 3 : Math.Max(problem.Grid.MinCode, code - 3));
            problem.Bias = Array.ConvertAll(problem.Bias!, value => value + 5);
        }
    }
}
