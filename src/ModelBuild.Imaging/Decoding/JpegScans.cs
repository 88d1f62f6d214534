using System.Buffers.Binary;

namespace ModelBuild.Imaging.Decoding;

/// <summary>
/// Counts the scans of a JPEG file by its markers (ITU-T T.81, annex B). SkiaSharp decodes a progressive file from the scans that it finds, and does not report
/// that later scans are missing.
/// </summary>
internal static class JpegScans
{
    private const byte Start = 0xFF;
    private const byte Temporary = 0x01;
    private const byte FirstRestart = 0xD0;
    private const byte StartOfImage = 0xD8;
    private const byte EndOfImage = 0xD9;
    private const byte StartOfScan = 0xDA;

    /// <summary>Counts the scans of a file, and returns whether they are followed by the marker of the end.</summary>
    public static (int Count, bool IsComplete) Read(ReadOnlySpan<byte> file)
    {
        var count = 0;
        while (true)
        {
            var next = file.IndexOf(Start);
            if (next < 0 || next + 1 >= file.Length)
                return (count, false);
            var marker = file[next + 1];
            if (marker == EndOfImage)
                return (count, true);
            // A byte 0xFF before another 0xFF is padding, so the search continues one byte later, where the marker may start.
            var length = marker == Start ? 1 : 2;
            if (HasParameters(marker))
            {
                if (next + 4 > file.Length)
                    return (count, false);
                length += BinaryPrimitives.ReadUInt16BigEndian(file[(next + 2)..]);
            }

            if (next + length > file.Length)
                return (count, false);
            if (marker == StartOfScan)
                count++;
            file = file[(next + length)..];
        }
    }

    // Returns whether a marker is followed by parameters. In the data of a scan a byte 0xFF is followed by 0 or belongs to a restart marker, and neither has
    // parameters.
    private static bool HasParameters(byte marker) => marker is not (0 or Temporary or Start or (>= FirstRestart and <= StartOfImage));
}
