using ModelBuild.Runtime.Tests.Models;
using ModelBuild.Runtime.Tests.Support;

namespace ModelBuild.Runtime.Tests.Providers;

/// <summary>ONNX Runtime's devices: listed, chosen by policy, chosen one by one, brought by plug-ins.</summary>
public sealed class DeviceTests
{
    [Fact]
    public void The_processor_is_listed()
    {
        var cpu = Assert.Single(ModelDevices.All, device => device.Provider == "cpu");
        Assert.Equal(ModelDeviceKind.Cpu, cpu.Kind);
        Assert.Equal("Microsoft", cpu.ProviderVendor);
        Assert.Contains("version", cpu.Metadata.Keys);
        Assert.StartsWith("cpu: Cpu", cpu.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DevicePolicy.PreferCpu)]
    [InlineData(DevicePolicy.PreferGpu)]
    [InlineData(DevicePolicy.PreferNpu)]
    [InlineData(DevicePolicy.MaximumPerformance)]
    [InlineData(DevicePolicy.MaximumEfficiency)]
    [InlineData(DevicePolicy.MinimumPower)]
    public void A_policy_chooses_what_there_is(DevicePolicy policy)
    {
        using var model = GpuModel.Load(TinyModels.Small(), new ModelOptions { DevicePolicy = policy });
        Assert.Equal("cpu", model.Provider);
    }

    [Fact]
    public void A_policy_and_a_list_are_too_much()
    {
        var exception = Assert.Throws<ArgumentException>(() =>
            ReluModel.Load(TinyModels.Relu(), new ModelOptions { DevicePolicy = DevicePolicy.PreferGpu, Providers = ["cpu"] })
        );
        Assert.Contains("both Providers and DevicePolicy", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_can_be_chosen()
    {
        var cpu = ModelDevices.All.First(device => device.Provider == "cpu");
        using var model = ReluModel.Load(TinyModels.Relu(), new ModelOptions { Providers = [new DeviceProvider(cpu)] });
        Assert.Equal("cpu", model.Provider);
        Assert.Throws<ArgumentException>(() => new DeviceProvider());
    }

    [Fact]
    public void A_plug_in_that_is_missing_or_none_is_told()
    {
        var missing = Assert.Throws<ModelProviderException>(() => ModelDevices.AddLibrary("no-such-plug-in.so"));
        Assert.Contains(Path.Combine(AppContext.BaseDirectory, "no-such-plug-in.so"), missing.Message, StringComparison.Ordinal);

        var file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        File.WriteAllText(file, "no library");
        try
        {
            var wrong = Assert.Throws<ModelProviderException>(() =>
                ReluModel.Load(TinyModels.Relu(), new ModelOptions { Providers = [new WebGpuProvider { Library = file }] })
            );
            Assert.Contains("webgpu: ", wrong.Message, StringComparison.Ordinal);
            Assert.Contains(file, wrong.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void A_provider_that_comes_as_a_plug_in_says_so()
    {
        var exception = Assert.Throws<ModelProviderException>(() => ReluModel.Load(TinyModels.Relu(), new ModelOptions { Providers = ["webgpu"] }));
        Assert.Contains("add the package Microsoft.ML.OnnxRuntime.EP.WebGpu, and set its library", exception.Message, StringComparison.Ordinal);
    }
}
