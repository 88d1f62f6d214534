using System.Runtime.InteropServices;
using ModelBuild.Cli.Data.Files;
using ModelBuild.Compression.Calibration;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Runtime;

namespace ModelBuild.Cli.Data.Sounds;

/// <summary>Prepares whole recordings as the generated class of the model does.</summary>
/// <param name="input">The inputs of the model.</param>
internal sealed class SoundArchive(SoundInput input)
{
    /// <summary>Writes the prepared recordings and their labels to archives. Recordings of each prepared size have an archive of their own.</summary>
    /// <param name="sounds">The files.</param>
    /// <param name="archives">The archives.</param>
    /// <param name="cancellationToken">A token that stops the work.</param>
    /// <returns>The number of rows.</returns>
    /// <exception cref="CompressionException">MB1019: a file cannot be read, or the description does not fit it.</exception>
    public int Write(IReadOnlyList<LabelledFile> sounds, ArchiveSet archives, CancellationToken cancellationToken)
    {
        // The files are read twice, so that only one recording is in memory.
        foreach (var group in sounds.GroupBy(Size))
        {
            using var archive = new NpzWriter(archives.Next());
            LabelledFile[] files = [.. group];
            using (var stream = archive.Start(input.Input.Name, "<f4", input.Shape(files.Length, group.Key)))
                foreach (var file in files)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    stream.Write(MemoryMarshal.AsBytes<float>(Prepare(file, group.Key)));
                }

            input.WriteRate(archive, files.Length);
            if (files[0].Class >= 0)
                archive.Write(ArraySamples.LabelKey, [.. files.Select(file => (long)file.Class)], files.Length);
        }

        return sounds.Count;
    }

    private AudioSize Size(LabelledFile file) => SoundFile.Use(file.Path, sound => input.Preparation.Size(sound.Length, sound.Rate));

    private float[] Prepare(LabelledFile file, AudioSize size) =>
        SoundFile.Use(
            file.Path,
            sound =>
            {
                var values = new float[size.Elements];
                input.Preparation.Write(sound.Samples, sound.Rate, sound.Channels, values);
                return values;
            }
        );
}
