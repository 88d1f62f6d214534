using ModelBuild.Runtime;
using ModelBuild.Runtime.Tests.Models;
using ModelBuild.Runtime.Tests.Support;

namespace ModelBuild.Serving.Tests;

/// <summary>The client with a server of another project, such as Triton, that the environment names.</summary>
public sealed class OtherServerTests
{
    private const string Address = "MODELBUILD_TRITON_URL";
    private const string Repository = "MODELBUILD_TRITON_MODELS";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_remote_model_has_the_results_of_a_local_one()
    {
        if (Environment.GetEnvironmentVariable(Address) is not { Length: > 0 } address)
        {
            Assert.Skip($"{Address} names no server.");
            return;
        }

        WriteModel();
        using var local = MlpModel.Load(TinyModels.Mlp());
        using var remote = await OpenAsync(address);
        float[] x = [.. Enumerable.Range(0, 192).Select(i => MathF.Sin(i))];

        using var expected = local.Run(x);
        using var result = await remote.RunAsync(x, Token);

        Assert.Equal([3L, 10], result.Scores.Shape);
        Assert.Equal(expected.Scores.ToArray(), result.Scores.ToArray(), (a, b) => MathF.Abs(a - b) < 1e-4f);
    }

    private static void WriteModel()
    {
        if (Environment.GetEnvironmentVariable(Repository) is not { Length: > 0 } repository)
            return;
        Directory.CreateDirectory(Path.Combine(repository, "mlp", "1"));
        File.WriteAllBytes(Path.Combine(repository, "mlp", "1", "model.onnx"), TinyModels.Mlp());
        File.WriteAllText(Path.Combine(repository, "mlp", "config.pbtxt"), "name: \"mlp\"\nplatform: \"onnxruntime_onnx\"\nmax_batch_size: 0\n");
    }

    /// <summary>Waits until the server has noticed the model.</summary>
    private static async Task<MlpModel> OpenAsync(string address)
    {
        MlpModel? model = null;
        await Testing.Eventually.IsTrueAsync(() => TryOpen(address, out model), Token);
        return model!;
    }

    private static bool TryOpen(string address, out MlpModel? model)
    {
        try
        {
            model = new MlpModel(ModelOptions.Remote(address, "mlp"));
            return true;
        }
        catch (ModelLoadException exception) when (exception is not ModelSignatureException)
        {
            model = null;
            return false;
        }
    }
}
