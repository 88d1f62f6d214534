using Xunit.Sdk;

namespace ModelBuild.Compression.Tests.Training.Differentiation;

/// <summary>Tests that the comparison of gradients with differences finds a fault in every element.</summary>
public sealed class ProbeTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(24)]
    [InlineData(25)]
    [InlineData(26)]
    [InlineData(1000)]
    public void A_fault_in_any_element_is_found(int count)
    {
        var values = Array.ConvertAll(Noise.Floats(count, seed: 1), value => (double)value);
        var gradient = Array.ConvertAll(values, value => (float)(value * value));
        var probes = Probe.All(count, direction => CentralDifferences.Along(() => values.Sum(value => value * value * value / 3), values, direction));

        Probe.AssertAgree("the gradient", probes, gradient, smallest: 1e-3);
        for (var i = 0; i < count; i++)
        {
            var wrong = (float[])gradient.Clone();
            wrong[i] += 0.01f * Math.Max(1e-3f, gradient.Max());
            Assert.ThrowsAny<XunitException>(() => Probe.AssertAgree("the gradient", probes, wrong, smallest: 1e-3));
        }
    }

    [Fact]
    public void A_gradient_of_another_size_is_found() =>
        Assert.ThrowsAny<XunitException>(() => Probe.AssertAgree("the gradient", Probe.All(3, _ => 0), new float[4], smallest: 1));
}
