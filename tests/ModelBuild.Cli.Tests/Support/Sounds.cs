namespace ModelBuild.Cli.Tests.Support;

/// <summary>Writes recordings.</summary>
internal static class Sounds
{
    /// <summary>Writes a WAV file with one channel and integers of 16 bits, and returns its path.</summary>
    public static string Write(TemporaryFolder folder, string name, float[] samples, int rate)
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream))
        {
            writer.Write("RIFF"u8);
            writer.Write(36 + (2 * samples.Length));
            writer.Write("WAVEfmt "u8);
            writer.Write(16);
            writer.Write((short)1);
            writer.Write((short)1);
            writer.Write(rate);
            writer.Write(2 * rate);
            writer.Write((short)2);
            writer.Write((short)16);
            writer.Write("data"u8);
            writer.Write(2 * samples.Length);
            foreach (var sample in samples)
                writer.Write((short)(sample * 32768));
        }

        return folder.Write(name, stream.ToArray());
    }
}
