using ModelBuild.Testing;

namespace ModelBuild.RealData.Pictures;

/// <summary>Picture files of a folder of the corpus: two of three to fit to, the third one to judge on.</summary>
public static class PictureSet
{
    /// <summary>The files to fit to.</summary>
    public static IReadOnlyList<string> Calibration(string folder) => [.. Files(folder).Where((_, i) => i % 3 != 2)];

    /// <summary>The files to judge on.</summary>
    public static IReadOnlyList<string> Test(string folder) => [.. Files(folder).Where((_, i) => i % 3 == 2)];

    /// <summary>Parts of the pictures, as a model takes them; each part is another one.</summary>
    /// <param name="files">The pictures.</param>
    /// <param name="input">The model's input.</param>
    /// <param name="count">How many parts.</param>
    public static IEnumerable<float[]> Crops(IReadOnlyList<string> files, PictureInput input, int count)
    {
        PictureFile[] pictures = [.. files.Select(file => new PictureFile(file))];
        try
        {
            for (var i = 0; i < count; i++)
                yield return input.Values(pictures[i % pictures.Length].Cut(Crop.Of(i), input.Width, input.Height));
        }
        finally
        {
            foreach (var picture in pictures)
                picture.Dispose();
        }
    }

    /// <summary>The pictures as they are, brought to the input's height.</summary>
    /// <param name="files">The pictures.</param>
    /// <param name="input">The model's input.</param>
    /// <param name="padding">The grey to the right of narrow pictures.</param>
    public static IEnumerable<float[]> Whole(IReadOnlyList<string> files, PictureInput input, byte padding)
    {
        foreach (var file in files)
        {
            using var picture = new PictureFile(file);
            yield return input.Values(picture.Fit(input.Width, input.Height, padding));
        }
    }

    private static string[] Files(string folder) =>
        Directory.Exists(Path.Combine(Corpus.Root, folder))
            ?
            [
                .. Directory
                    .EnumerateFiles(Path.Combine(Corpus.Root, folder))
                    .Where(file => Path.GetExtension(file) is ".jpg" or ".png")
                    .Order(StringComparer.Ordinal),
            ]
            : [];
}
