using ModelBuild.Runtime;
using ModelBuild.Runtime.Tests.Models;
using ModelBuild.Runtime.Tests.Support;
using ModelBuild.Testing;

namespace ModelBuild.Providers.Tests;

/// <summary>Generated wrappers on a GPU, be it one in software: what they answer, and where the work is done.</summary>
public sealed class WebGpuTests
{
    private static readonly ModelOptions OnGpu = new() { Providers = ["webgpu", "cpu"] };

    public WebGpuTests() => OtherOnnxRuntime.RequireWebGpu();

    [Fact]
    public void Answers_are_those_of_the_processor()
    {
        using var gpu = MlpModel.Load(TinyModels.Mlp(), OnGpu);
        using var cpu = MlpModel.Load(TinyModels.Mlp());
        Assert.Equal(("webgpu", "cpu"), (gpu.Provider, cpu.Provider));
        // The batch sizes change and recur, and each input is new, so that results of an earlier call in the memory of the GPU would be noticed.
        foreach (var (batch, seed) in new[] { (1, 1), (1, 2), (5, 3), (1, 4), (5, 5) })
        {
            var features = Features(batch, seed);
            using var actual = gpu.Run(features);
            using var expected = cpu.Run(features);
            AssertClose(expected.Scores.Span, actual.Scores.Span, 1e-4f);
        }
    }

    [Fact]
    public async Task Many_threads_share_a_model()
    {
        using var gpu = MlpModel.Load(TinyModels.Mlp(), OnGpu);
        using var cpu = MlpModel.Load(TinyModels.Mlp());
        await Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(thread =>
                    Task.Run(() =>
                    {
                        for (var i = 0; i < 10; i++)
                        {
                            var features = Features(1 + (i % 3), (100 * thread) + i);
                            using var actual = gpu.Run(features);
                            using var expected = cpu.Run(features);
                            AssertClose(expected.Scores.Span, actual.Scores.Span, 1e-4f);
                        }
                    })
                )
        );
    }

    [Fact]
    public async Task Models_on_one_device_load_run_and_close_at_once()
    {
        using var cpu = MlpModel.Load(TinyModels.Mlp());
        await Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(thread =>
                    Task.Run(() =>
                    {
                        for (var i = 0; i < 5; i++)
                        {
                            using var gpu = MlpModel.Load(TinyModels.Mlp(), OnGpu with { Parallel = 1 + (thread % 2) });
                            var features = Features(4, (100 * thread) + i);
                            using var actual = gpu.Run(features);
                            using var expected = cpu.Run(features);
                            AssertClose(expected.Scores.Span, actual.Scores.Span, 1e-4f);
                        }
                    })
                )
        );
    }

    [Fact]
    public void Convolutions()
    {
        var path = Corpus.Path("litenet/litenet-conv.onnx");
        using var gpu = DigitsModel.Load(path, OnGpu);
        using var cpu = DigitsModel.Load(path);
        var image = Features(1, 7, 784);
        using var actual = gpu.Run(image);
        using var expected = cpu.Run(image);
        AssertClose(expected.Logits.Span, actual.Logits.Span, 1e-3f);
    }

    [Fact]
    public void Nodes_are_counted_where_they_run()
    {
        using var model = MlpModel.Load(TinyModels.Mlp(), new ModelOptions { Providers = [new WebGpuProvider { Layout = WebGpuLayout.Nchw }, "cpu"] });
        var gpu = Assert.Single(model.Placement.Providers);
        Assert.Equal(("webgpu", 5), (gpu.Provider, gpu.Nodes));
        Assert.StartsWith("WebGPU", gpu.Device, StringComparison.Ordinal);
        Assert.Equal(0, model.Placement.NodesOnCpu);
    }

    [Fact]
    public void What_the_GPU_cannot_do_falls_to_the_processor()
    {
        using var model = NonZeroModel.Load(TinyModels.NonZero(), OnGpu);
        Assert.Equal("webgpu", model.Provider);
        Assert.Equal([new("NonZero", 1)], Assert.Single(model.Placement.Providers, provider => provider.Provider == "cpu").Operators);
        using var result = model.Run([0, 3, 0, 5]);
        Assert.Equal([1, 3], result.Places.ToArray());
        Assert.Equal([0, 3, 0, 5], result.Copy.ToArray());
    }

    [Fact]
    public void The_device_that_ONNX_Runtime_would_choose_is_used()
    {
        using var model = MlpModel.Load(TinyModels.Mlp(), new ModelOptions { DevicePolicy = DevicePolicy.PreferGpu });
        Assert.Contains(model.Provider, ModelDevices.All.Select(device => device.Provider));
    }

    private static float[] Features(int batch, int seed, int each = 64)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, batch * each).Select(_ => random.NextSingle())];
    }

    private static void AssertClose(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, float tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], tolerance);
    }
}
