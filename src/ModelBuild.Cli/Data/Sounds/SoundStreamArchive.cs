using System.Runtime.InteropServices;
using ModelBuild.Audio;
using ModelBuild.Cli.Data.Files;
using ModelBuild.Compression.Diagnostics;
using ModelBuild.Runtime;

namespace ModelBuild.Cli.Data.Sounds;

/// <summary>
/// Prepares recordings in chunks, as the stream of the generated class does. If the model has states, it runs over each recording, and every chunk is written
/// with the states that the model has at the start of the chunk.
/// </summary>
/// <param name="model">The path of the model.</param>
/// <param name="input">The inputs of the model.</param>
internal sealed class SoundStreamArchive(string model, SoundInput input)
{
    /// <summary>Writes the chunks of all recordings. They have no labels, because a label belongs to a whole recording.</summary>
    /// <param name="sounds">The files.</param>
    /// <param name="archives">The archives.</param>
    /// <param name="cancellationToken">A token that stops the work.</param>
    /// <returns>The number of chunks.</returns>
    /// <exception cref="CompressionException">MB1019: a file cannot be read, or the model does not run.</exception>
    public int Write(IReadOnlyList<LabelledFile> sounds, ArchiveSet archives, CancellationToken cancellationToken)
    {
        using var chunks = new RowFile(Path.Combine(archives.Folder, "chunks"));
        using var states = input.States.Count == 0 ? null : new SoundStates(model, input, archives.Folder);
        var size = default(AudioSize);
        foreach (var (path, _) in sounds)
            size = SoundFile.Use(path, sound => Write(sound, chunks, states, cancellationToken));
        using var archive = new NpzWriter(archives.Next());
        chunks.CopyTo(archive, input.Input.Name, "<f4", input.Shape(chunks.Rows, size));
        input.WriteRate(archive, chunks.Rows);
        states?.CopyTo(archive);
        return chunks.Rows;
    }

    private AudioSize Write(Sound sound, RowFile chunks, SoundStates? states, CancellationToken cancellationToken)
    {
        var chunker = new AudioChunker(input.Preparation, sound.Rate, sound.Channels);
        var chunk = new float[chunker.Size.Elements];
        var samples = sound.Samples;
        states?.Start();
        while (chunker.Read(ref samples, chunk) || chunker.Finish(chunk))
        {
            cancellationToken.ThrowIfCancellationRequested();
            chunks.Write(MemoryMarshal.AsBytes<float>(chunk));
            states?.Continue(chunk, input.Shape(chunker.Size), cancellationToken);
        }

        return chunker.Size;
    }
}
