using ModelBuild.Compression.Randomness;
using ModelBuild.Imaging.Tests.Support;

namespace ModelBuild.Imaging.Tests.Hostile;

/// <summary>Damages files. The result depends only on the number of the mutation.</summary>
internal static class Mutations
{
    private const int MaxChanges = 4;
    private const int KindsOfSameLength = 4;
    private const int Kinds = 9;

    private static readonly byte[] _extremes = [0, 1, 0x7F, 0x80, 0xFE, 0xFF];

    public static byte[] Apply(byte[] file, byte[] other, int number)
    {
        var random = new SplitMix64((ulong)number);
        var bytes = file.ToList();
        // Half of the files keep their length, so that they reach the code behind the check of the length.
        var kinds = random.Below(2) == 0 ? KindsOfSameLength : Kinds;
        var changes = 1 + random.Below(MaxChanges);
        for (var i = 0; i < changes && bytes.Count > 1; i++)
            Change(bytes, other, random, kinds);
        var result = bytes.ToArray();
        // Half of the PNG files reach the code behind the check of checksums.
        if (random.Below(2) == 0 && result is [0x89, (byte)'P', (byte)'N', (byte)'G', ..])
            PngChecksums.Repair(result);
        return result;
    }

    private static void Change(List<byte> bytes, byte[] other, SplitMix64 random, int kinds)
    {
        var position = (int)random.Below(bytes.Count);
        // Headers are at the start of a file, so every second change is made there.
        if (random.Below(2) == 0)
            position = Math.Min(position, (int)random.Below(64));
        var length = (int)Math.Min(1 + random.Below(32), bytes.Count - position);
        switch (random.Below(kinds))
        {
            case 0:
                bytes[position] ^= (byte)(1 << (int)random.Below(8));
                break;
            case 1:
                bytes[position] = (byte)random.Next();
                break;
            case 2:
                bytes[position] = _extremes[random.Below(_extremes.Length)];
                break;
            case 3:
                for (var i = 0; i < Math.Min(4, length); i++)
                    bytes[position + i] = byte.MaxValue;
                break;
            case 4:
                bytes.RemoveRange(position, length);
                break;
            case 5:
                bytes.InsertRange(position, bytes.GetRange(position, length));
                break;
            case 6:
                bytes.InsertRange(position, Enumerable.Range(0, length).Select(_ => (byte)random.Next()).ToArray());
                break;
            case 7:
                bytes.RemoveRange(position, bytes.Count - position);
                break;
            default:
                var start = (int)random.Below(other.Length);
                bytes.InsertRange(position, other[start..Math.Min(other.Length, start + length)]);
                break;
        }
    }
}
