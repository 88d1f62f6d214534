using static ModelBuild.Audio.Tests.WavBytes;

namespace ModelBuild.Audio.Tests;

/// <summary>Damaged files of every format give samples or a <see cref="SoundException"/>, and take little memory.</summary>
public sealed class MutatedFileTests
{
    private const int Mutations = 20_000;
    private const long MaxBytesOfAFile = 1_000_000;

    private ulong _state = 42;

    [Fact]
    public void A_damaged_file_is_one_exception_with_bounded_memory()
    {
        var seeds = Seeds();
        var (loaded, refused) = (0, 0);
        var limits = new SoundLimits();
        for (var i = 0; i < Mutations; i++)
        {
            var file = Mutate(seeds[i % seeds.Length]);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                var sound = i % 2 == 0 ? Sound.Load(file, limits) : Sound.Load(new PipeStream(file), limits);
                Assert.InRange(sound.Samples.Length, 1, file.Length);
                Assert.InRange(sound.Channels, 1, limits.MaxChannels);
                loaded++;
            }
            catch (SoundException)
            {
                refused++;
            }

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MaxBytesOfAFile);
        }

        // Many files must load and many must be refused. Otherwise the mutations would be too strong or too weak to test anything.
        Assert.InRange(loaded, Mutations / 20, Mutations);
        Assert.InRange(refused, Mutations / 20, Mutations);
    }

    private static byte[][] Seeds()
    {
        byte[] samples = [.. Enumerable.Range(0, 240).Select(i => (byte)(i * 37))];
        byte[] sizes = [.. UInt64(400), .. UInt64(240), .. UInt64(60), .. UInt32(0)];
        return
        [
            WavBytes.File(Format(Pcm, 1, 16_000, 16), Data(samples)),
            WavBytes.File(Chunk("LIST", [1, 2, 3]), Format(Pcm, 2, 44_100, 24), Data(samples), Chunk("LIST", [4])),
            WavBytes.File(Format(Pcm, 1, 8000, 8), Data(samples)),
            WavBytes.File(Format(WavBytes.Float, 1, 48_000, 32), Chunk("fact", UInt32(60)), Data(samples)),
            WavBytes.File(Format(WavBytes.Float, 1, 48_000, 64), Data(samples)),
            WavBytes.File(Format(ALaw, 1, 8000, 8), Data(samples)),
            WavBytes.File(ExtensibleFormat(Pcm, 3, 96_000, 32, 24), Data(samples)),
            Named("RF64", uint.MaxValue, Chunk("ds64", sizes), Format(Pcm, 2, 16_000, 16), Chunk("data", samples, uint.MaxValue)),
            Named("RIFF", 0, Format(MuLaw, 1, 8000, 8), Chunk("data", samples, 0)),
        ];
    }

    private byte[] Mutate(byte[] seed)
    {
        List<byte> file = [.. seed];
        for (var count = Next(4) + 1; count > 0 && file.Count > 0; count--)
        {
            // Most of the bytes that have a meaning are at the start of the file.
            var place = Next(Next(3) == 0 ? file.Count : Math.Min(file.Count, 80));
            switch (Next(6))
            {
                case 0:
                    file[place] ^= (byte)(1 << Next(8));
                    break;
                case 1:
                    file[place] = (byte)(Next(3) * 127.5);
                    break;
                case 2:
                    file.RemoveRange(place, file.Count - place);
                    break;
                case 3:
                    file.RemoveRange(place, Math.Min(Next(9), file.Count - place));
                    break;
                case 4:
                    file.InsertRange(place, file.GetRange(place, Math.Min(Next(40), file.Count - place)));
                    break;
                default:
                    for (var i = place; i < Math.Min(place + 4, file.Count); i++)
                        file[i] = (byte)Next(256);
                    break;
            }
        }

        return [.. file];
    }

    // This is the generator of Knuth's MMIX. Its upper bits are used.
    private int Next(int end)
    {
        _state = (_state * 6_364_136_223_846_793_005) + 1_442_695_040_888_963_407;
        return (int)((_state >> 33) % (ulong)end);
    }
}
