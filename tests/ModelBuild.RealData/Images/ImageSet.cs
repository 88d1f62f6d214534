using ModelBuild.Testing;

namespace ModelBuild.RealData.Images;

/// <summary>The image files of a folder of the corpus. Two of three are for calibration, and the third one is for tests.</summary>
public static class ImageSet
{
    /// <summary>Returns the files for calibration.</summary>
    public static IReadOnlyList<string> Calibration(string folder) => [.. Files(folder).Where((_, i) => i % 3 != 2)];

    /// <summary>Returns the files for tests.</summary>
    public static IReadOnlyList<string> Test(string folder) => [.. Files(folder).Where((_, i) => i % 3 == 2)];

    /// <summary>Returns different crops of the images in the format of a model's input.</summary>
    /// <param name="files">The images.</param>
    /// <param name="input">The model's input.</param>
    /// <param name="count">The number of crops.</param>
    public static IEnumerable<float[]> Crops(IReadOnlyList<string> files, ImageInput input, int count)
    {
        ImageFile[] images = [.. files.Select(file => new ImageFile(file))];
        try
        {
            for (var i = 0; i < count; i++)
                yield return input.Values(images[i % images.Length].Cut(Crop.Of(i), input.Width, input.Height));
        }
        finally
        {
            foreach (var image in images)
                image.Dispose();
        }
    }

    /// <summary>Returns the whole images, resized to the height of the input.</summary>
    /// <param name="files">The images.</param>
    /// <param name="input">The model's input.</param>
    /// <param name="padding">The grey value to the right of narrow images.</param>
    public static IEnumerable<float[]> Whole(IReadOnlyList<string> files, ImageInput input, byte padding)
    {
        foreach (var file in files)
        {
            using var image = new ImageFile(file);
            yield return input.Values(image.Fit(input.Width, input.Height, padding));
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
