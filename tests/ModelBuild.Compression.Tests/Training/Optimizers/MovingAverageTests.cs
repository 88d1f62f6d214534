using ModelBuild.Compression.Training.Buffers;
using ModelBuild.Compression.Training.Optimizers;

namespace ModelBuild.Compression.Tests.Training.Optimizers;

public sealed class MovingAverageTests
{
    [Theory]
    [InlineData(0.0)]
    [InlineData(0.9)]
    [InlineData(0.999)]
    public void The_average_has_no_bias_and_goes_in_and_out(double decay)
    {
        var parameters = Trained.Parameters();
        var average = new MovingAverage(decay);
        var expected = parameters.Select(parameter => new double[parameter.Values.Length]).ToArray();
        for (var step = 1; step <= 50; step++)
        {
            Move(parameters, step);
            average.Update(parameters);
            foreach (var (values, parameter) in expected.Zip(parameters))
                for (var i = 0; i < values.Length; i++)
                    values[i] = decay * values[i] + (1 - decay) * parameter.Values[i];
        }

        float[][] trained = [.. parameters.Select(parameter => parameter.Values.ToArray())];
        average.SwapIn(parameters);

        foreach (var (values, parameter) in expected.Zip(parameters))
            Assert.All(values.Zip(parameter.Values), pair => Assert.Equal(pair.First / (1 - Math.Pow(decay, 50)), pair.Second, 1e-4));
        Assert.Throws<InvalidOperationException>(() => average.SwapIn(parameters));
        Assert.Throws<InvalidOperationException>(() => average.Update(parameters));

        average.SwapOut(parameters);

        Assert.All(trained.Zip(parameters), pair => Assert.Equal(pair.First, pair.Second.Values));
        Assert.Throws<InvalidOperationException>(() => average.SwapOut(parameters));
    }

    [Fact]
    public void After_one_update_the_average_is_the_value()
    {
        var parameters = Trained.Parameters();
        float[][] values = [.. parameters.Select(parameter => parameter.Values.ToArray())];
        var average = new MovingAverage(0.99);
        average.Update(parameters);

        average.SwapIn(parameters);

        foreach (var (before, parameter) in values.Zip(parameters))
            Assert.All(before.Zip(parameter.Values), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    [Fact]
    public void Without_an_update_values_stay()
    {
        var parameters = Trained.Parameters();
        float[][] values = [.. parameters.Select(parameter => parameter.Values.ToArray())];
        var average = new MovingAverage(0.99);

        average.SwapIn(parameters);
        average.SwapOut(parameters);

        Assert.All(values.Zip(parameters), pair => Assert.Equal(pair.First, pair.Second.Values));
    }

    [Fact]
    public void A_restored_average_has_the_same_bits()
    {
        var parameters = Trained.Parameters();
        var (average, restored) = (new MovingAverage(0.9), new MovingAverage(0.9));
        for (var step = 1; step <= 20; step++)
        {
            Move(parameters, step);
            average.Update(parameters);
            if (step == 10)
                restored.Restore(average.State);
            else if (step > 10)
                restored.Update(parameters);
        }

        Assert.NotEmpty(average.State);
        Assert.All(average.State, array => Assert.Equal(array.Value, restored.State[array.Key]));
    }

    private static void Move(Parameter[] parameters, int step)
    {
        foreach (var (i, parameter) in parameters.Index())
            Noise.Floats(parameter.Values.Length, seed: 100 * step + i).CopyTo(parameter.Values, 0);
    }
}
