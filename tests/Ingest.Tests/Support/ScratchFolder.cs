using System.IO.Compression;
using System.Text;

namespace PhysioActors.Ingest.Tests.Support;

/// <summary>A folder for the files of one test.</summary>
public sealed class ScratchFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("physio-ingest-").FullName;

    public string Folder(string name) => Directory.CreateDirectory(System.IO.Path.Combine(Path, name)).FullName;

    public string Write(string name, params string[] lines)
    {
        string path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        byte[] bytes = Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n");
        using Stream file = File.Create(path);
        if (name.EndsWith(".gz", StringComparison.Ordinal))
        {
            using GZipStream compressed = new(file, CompressionLevel.Fastest);
            compressed.Write(bytes);
        }
        else
        {
            file.Write(bytes);
        }

        return path;
    }

    public string WriteBytes(string name, byte[] bytes)
    {
        string path = System.IO.Path.Combine(Path, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
