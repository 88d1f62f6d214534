using System.IO.Compression;
using System.Runtime.InteropServices;
using ModelBuild.Runtime.Tests.Models;
using ModelBuild.Testing;

namespace ModelBuild.Runtime.Tests;

/// <summary>A real model on real data.</summary>
[Trait("Speed", "Slow")]
public sealed class DigitsTests
{
    [Fact]
    public void Two_thousand_digits()
    {
        using var model = DigitsModel.Load(Corpus.Path("litenet/litenet-conv.onnx"));
        using var archive = ZipFile.OpenRead(Corpus.Path("litenet/mnist-test.npz"));
        var images = Array<float>(archive, "image.npy");
        var labels = Array<long>(archive, "label.npy");

        using var all = model.Run(images);
        Assert.Equal([labels.Length, 10L], all.Logits.Shape);
        var right = Enumerable.Range(0, labels.Length).Count(i => all.Logits.ArgMax(i) == labels[i]);
        Assert.Equal(98.60, 100.0 * right / labels.Length, 2);

        for (var i = 0; i < 20; i++)
        {
            using var one = model.Run(images.AsSpan(i * 784, 784));
            Assert.Equal(all.Logits.ArgMax(i), one.Logits.ArgMax());
        }
    }

    private static T[] Array<T>(ZipArchive archive, string name)
        where T : unmanaged
    {
        using var stream = new MemoryStream();
        using (var entry = archive.GetEntry(name)!.Open())
            entry.CopyTo(stream);
        var bytes = stream.ToArray();
        // Version 1 of the format: magic, version, length of the header, header, data.
        return MemoryMarshal.Cast<byte, T>(bytes.AsSpan(10 + BitConverter.ToUInt16(bytes, 8))).ToArray();
    }
}
