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
    public void Options_of_a_session_without_a_class_get_a_provider_or_the_reason()
    {
        using var options = new Microsoft.ML.OnnxRuntime.SessionOptions();

        new ModelProvider("cpu").AppendTo(options);
        var missing = Assert.Throws<ModelProviderException>(() => new ModelProvider("qnn").AppendTo(options));

        Assert.Contains("'qnn' cannot be used: the ONNX Runtime of this application is built without it", missing.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => new ModelProvider("cpu").AppendTo(null!));
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

    [Theory]
    [InlineData("cdua", "there is no provider of this name; there are cpu, cuda, ")]
    [InlineData("gpu", "Did you mean 'cuda' (NVIDIA's GPUs) or 'directml' (GPUs on Windows) or 'webgpu'")]
    [InlineData("npu", "Did you mean 'qnn'")]
    public void An_unknown_name_before_another_is_an_error(string name, string message)
    {
        var exception = Assert.Throws<ModelProviderException>(() => ReluModel.Load(TinyModels.Relu(), new ModelOptions { Providers = [name, "cpu"] }));
        Assert.Contains($"name '{name}': ", exception.Message, StringComparison.Ordinal);
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
        Assert.Throws<ModelProviderException>(() => ReluModel.Load(TinyModels.Relu(), new ModelOptions { Providers = ["cpu", name] }));
    }

    [Fact]
    public void A_plug_in_that_is_not_there_falls_to_the_next_in_the_list()
    {
        using var model = ReluModel.Load(TinyModels.Relu(), new ModelOptions { Providers = [new ModelProvider("Contoso") { Library = "contoso.so" }, "cpu"] });
        Assert.Equal("cpu", model.Provider);
    }

    [Fact]
    public void Providers_of_stages_are_no_use_to_a_whole_model()
    {
        var exception = Assert.Throws<ArgumentException>(() =>
            ReluModel.Load(
                TinyModels.Relu(),
                new ModelOptions
                {
                    StageProviders =
                    [
                        ["cpu"],
                        ["cpu"],
                    ],
                }
            )
        );
        Assert.Contains("StageProviders has no effect", exception.Message, StringComparison.Ordinal);
    }
}
