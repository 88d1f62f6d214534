using ModelBuild.Compression.Files;

namespace ModelBuild.Compression.Tests.Files;

public sealed class StaleFoldersTests
{
    [Theory]
    [InlineData(0, true)]
    [InlineData(6, true)]
    [InlineData(8, false)]
    public void A_folder_is_deleted_when_it_was_not_written_to_for_a_week(int days, bool isKept)
    {
        using var parent = new TemporaryFolder();
        var folder = Directory.CreateDirectory(parent.File(".tmp-a")).FullName;
        File.WriteAllText(Path.Combine(folder, "model.onnx"), "a part of a model");
        var other = Directory.CreateDirectory(parent.File("kept")).FullName;
        Directory.SetLastWriteTimeUtc(folder, DateTime.UtcNow.AddDays(-days));
        Directory.SetLastWriteTimeUtc(other, DateTime.UtcNow.AddDays(-days));

        StaleFolders.Sweep(parent.Path, ".tmp-*");

        Assert.Equal(isKept, Directory.Exists(folder));
        Assert.True(Directory.Exists(other));
    }
}
