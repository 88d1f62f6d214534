using System.Buffers.Binary;
using ModelBuild.Testing;

namespace ModelBuild.RealData;

/// <summary>The handwritten digits of MNIST (LeCun et al. 1998) in the corpus, with their classes: 500 for calibration and 2,000 for tests.</summary>
public static class Digits
{
    private const int ImageHeader = 16;
    private const int LabelHeader = 8;
    private const int Pixels = 28 * 28;

    /// <summary>Writes digits and their classes in the format of a model's input.</summary>
    /// <param name="file">The <c>.npz</c> file.</param>
    /// <param name="isTest">Whether the digits are for tests.</param>
    /// <param name="input">The input's name.</param>
    /// <param name="shape">The shape of one digit.</param>
    /// <param name="prepare">Converts the 784 pixels (0…255) of a digit to the values of the input.</param>
    public static void Save(string file, bool isTest, string input, long[] shape, Func<byte[], float[]> prepare)
    {
        var set = isTest ? "test" : "calib";
        var images = File.ReadAllBytes(Path.Combine(Corpus.Root, "data", "mnist", $"{set}-images.idx3-ubyte"));
        var labels = File.ReadAllBytes(Path.Combine(Corpus.Root, "data", "mnist", $"{set}-labels.idx1-ubyte"));
        var count = BinaryPrimitives.ReadInt32BigEndian(images.AsSpan(4));
        using var archive = new NumpyArchive(file);
        archive.Add(
            input,
            [count, .. shape],
            Enumerable.Range(0, count).Select(i => prepare(images[(ImageHeader + i * Pixels)..(ImageHeader + (i + 1) * Pixels)]))
        );
        archive.Add("label", [count], labels[LabelHeader..].Select(label => new long[] { label }));
    }
}
