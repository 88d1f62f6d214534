using Microsoft.ML.OnnxRuntime;
using ModelBuild.Runtime.Tests.Models;
using ModelBuild.Runtime.Tests.Support;

namespace ModelBuild.Runtime.Tests.Providers;

/// <summary>Tests which provider runs the nodes of a model.</summary>
public sealed class PlacementTests
{
    [Fact]
    public void Nodes_are_counted_by_provider_and_operator()
    {
        using var model = MlpModel.Load(TinyModels.Mlp());
        var cpu = Assert.Single(model.Placement.Providers);
        Assert.Equal(("cpu", 5, false), (cpu.Provider, cpu.Nodes, cpu.IsAtLeast));
        Assert.Equal([new("Gemm", 3), new("Relu", 2)], cpu.Operators);
        Assert.Equal(5, model.Placement.NodesOnCpu);
        Assert.Equal(ModelDevices.All.Single(device => device.Provider == "cpu").ToString(), "cpu: " + cpu.Device);
        Assert.Equal($"cpu 5 nodes ({cpu.Device})", model.Placement.ToString());
    }

    [Fact]
    public void A_session_that_does_not_remember_says_what_to_do()
    {
        using var session = new InferenceSession(TinyModels.Small());
        var exception = Assert.Throws<NotSupportedException>(() => Placement.Of([session]));
        Assert.Contains(Placement.RecordOption, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fake_has_no_nodes() => Assert.Empty(Placement.Of([]).Providers);

    [Fact]
    public void A_disposed_model_has_no_placement()
    {
        var model = MlpModel.Load(TinyModels.Mlp());
        model.Dispose();
        Assert.Throws<ObjectDisposedException>(() => model.Placement);
    }

    [Fact]
    public void Words()
    {
        Assert.Equal("webgpu at least 9 nodes (WebGPU_Buf:0)", new ProviderPlacement("webgpu", 9, true, "WebGPU_Buf:0", []).ToString());
        Assert.Equal("cpu 1 node", new ProviderPlacement("cpu", 1, false, null, []).ToString());
    }
}
