using ModelBuild.Runtime.Tests.Models;
using ModelBuild.Runtime.Tests.Support;

namespace ModelBuild.Runtime.Tests.Providers;

/// <summary>Execution providers, on a machine that has only the one for the processor.</summary>
public sealed class ProviderTests
{
    [Fact]
    public void The_processor_is_the_default()
    {
        using var model = ReluModel.Load(TinyModels.Relu());
        Assert.Equal("cpu", model.Provider);
    }

    [Fact]
    public void A_missing_one_falls_to_the_next_in_the_list()
    {
        using var model = GpuOrCpuModel.Load(TinyModels.Small());
        Assert.Equal("cpu", model.Provider);
    }

    [Fact]
    public void A_session_on_the_processor_reads_inputs_in_place()
    {
        using var model = TypesModel.Load(TinyModels.EveryType());
        using var memories = model.Session.GetMemoryInfosForInputs();
        Assert.All(memories, memory => Assert.Equal("Cpu", memory.Name));
        Assert.True(Runtime.Loading.InputMemory.IsMain(model.Session, "cuda"));
    }

    [Fact]
    public void None_names_the_packages_to_add()
    {
        var exception = Assert.Throws<ModelProviderException>(() => GpuModel.Load(TinyModels.Small()));
        Assert.Contains("GpuModel", exception.Message, StringComparison.Ordinal);
        Assert.Contains("cuda: ", exception.Message, StringComparison.Ordinal);
        Assert.Contains("Microsoft.ML.OnnxRuntime.Gpu", exception.Message, StringComparison.Ordinal);
        Assert.Contains("directml: ", exception.Message, StringComparison.Ordinal);
        Assert.Contains("Microsoft.ML.OnnxRuntime.DirectML", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_options_override_the_list()
    {
        using var model = GpuModel.Load(TinyModels.Small(), new ModelOptions { Providers = ["tensorrt", "CPUExecutionProvider"] });
        Assert.Equal("cpu", model.Provider);
        Assert.Throws<ModelProviderException>(() => ReluModel.Load(TinyModels.Relu(), new ModelOptions { Providers = ["cuda"] }));
    }

    [Fact]
    public void An_unknown_name_is_told_what_there_is()
    {
        var exception = Assert.Throws<ModelProviderException>(() => ReluModel.Load(TinyModels.Relu(), new ModelOptions { Providers = ["cdua"] }));
        Assert.Contains("there is no provider of this name; there are cpu, cuda, ", exception.Message, StringComparison.Ordinal);
    }
}
