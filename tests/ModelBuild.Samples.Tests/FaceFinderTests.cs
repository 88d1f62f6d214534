using ModelBuild.Testing;

namespace ModelBuild.Samples.Tests;

/// <summary>The sample that finds faces in a photograph and draws boxes around them.</summary>
[Trait("Speed", "Slow")]
public sealed class FaceFinderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("modelbuild-faces-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Finds_the_face_and_draws_a_box()
    {
        // The sample contains its model only if the corpus was there when it was built.
        _ = Corpus.Path("models/ultraface_rfb320.onnx");
        var photo = Corpus.Path("data/sample_images/satya.jpg");
        var result = Path.Combine(_folder, "faces.png");

        using var program = Samples.Start("FaceFinder", photo, result);
        var output = await program.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await program.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, program.ExitCode);
        Assert.StartsWith("face ", Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.InRange(new FileInfo(result).Length, 1000, long.MaxValue);
    }

    [Fact]
    public async Task A_file_that_is_no_picture_is_an_error()
    {
        _ = Corpus.Path("models/ultraface_rfb320.onnx");

        using var program = Samples.Start("FaceFinder", Corpus.Path("models/ultraface_rfb320.onnx"), Path.Combine(_folder, "faces.png"));
        await program.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(1, program.ExitCode);
        Assert.Empty(Directory.GetFiles(_folder));
    }
}
